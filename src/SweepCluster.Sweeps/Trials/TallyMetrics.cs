using System.Collections;
using System.Diagnostics.CodeAnalysis;
using SweepCluster.Sweeps.Evaluation;

namespace SweepCluster.Sweeps.Trials;

/// <summary>The built-in metrics of a tally by name, in ordinal order, worked out when they are asked for: a sweep may have a million tallies.</summary>
internal sealed class TallyMetrics(OutcomeTally tally) : IReadOnlyDictionary<string, Estimate>
{
    private static readonly string[] s_names = [.. OutcomeMetrics.Names.Order(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public int Count => Keys.Count();

    /// <inheritdoc/>
    public IEnumerable<string> Keys => s_names.Where(ContainsKey);

    /// <inheritdoc/>
    public IEnumerable<Estimate> Values => this.Select(entry => entry.Value);

    /// <inheritdoc/>
    public Estimate this[string key] => TryGetValue(key, out Estimate? estimate) ? estimate : throw new KeyNotFoundException($"The samples say nothing of '{key}'.");

    /// <inheritdoc/>
    public bool ContainsKey(string key) => OutcomeMetrics.Names.Contains(key) && OutcomeMetrics.Has(tally, key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out Estimate value)
    {
        value = OutcomeMetrics.Names.Contains(key) ? OutcomeMetrics.Measure(tally, key) : null;
        return value is not null;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, Estimate>> GetEnumerator()
    {
        foreach (string name in s_names)
        {
            if (TryGetValue(name, out Estimate? estimate))
            {
                yield return KeyValuePair.Create(name, estimate);
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
