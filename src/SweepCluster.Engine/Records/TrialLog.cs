using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using SweepCluster.Engine.Indexes;
using SweepCluster.Sweeps.Trials;

namespace SweepCluster.Engine.Records;

/// <summary>Trials over one range in proposal order, found by plan id. Made for a million of them.</summary>
internal sealed class TrialLog
{
    private const int IdDigits = 16;

    private readonly Lock _gate = new();
    private readonly List<TrialEntry> _entries = [];
    private readonly KeyIndex _byPlan;

    internal TrialLog()
    {
        _byPlan = new KeyIndex(place => HashOf(_entries[place].Plan.Id));
    }

    /// <summary>Trials that were proposed.</summary>
    internal int Count => _entries.Count;

    /// <summary>The trial at a place.</summary>
    internal TrialEntry this[int place] => _entries[place];

    /// <summary>Where a plan's trial is; null where it was not proposed.</summary>
    internal int? Find(string planId)
    {
        lock (_gate)
        {
            return _byPlan.Find(HashOf(planId));
        }
    }

    /// <summary>Adds a trial whose plan has none yet.</summary>
    internal void Add(TrialEntry entry)
    {
        lock (_gate)
        {
            _entries.Add(entry);
            _byPlan.Add(_entries.Count - 1);
        }
    }

    /// <summary>The trials that are complete now, by plan id; what comes later does not change it. Called while nobody adds or records.</summary>
    internal IReadOnlyDictionary<string, TrialResult> Snapshot() => new View(this, [.. _entries.Select(entry => entry.IsComplete ? entry.ToResult() : null)]);

    // All digits count: two plans that share the first ten are two.
    private static KeyHash HashOf(string planId) =>
        planId.Length == IdDigits && ulong.TryParse(planId, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong id) ? new KeyHash(0, id) : KeyHash.Of(planId);

    /// <summary>Looks into the log as it was.</summary>
    private sealed class View(TrialLog log, TrialResult?[] results) : IReadOnlyDictionary<string, TrialResult>
    {
        public int Count { get; } = results.Count(result => result is not null);

        public IEnumerable<string> Keys => Values.Select(result => result.PlanId);

        public IEnumerable<TrialResult> Values => results.OfType<TrialResult>();

        public TrialResult this[string key] => TryGetValue(key, out TrialResult? result) ? result : throw new KeyNotFoundException($"No trial of the plan {key} is complete.");

        public bool ContainsKey(string key) => TryGetValue(key, out _);

        public bool TryGetValue(string key, [MaybeNullWhen(false)] out TrialResult value)
        {
            value = log.Find(key) is { } place && place < results.Length && results[place]?.PlanId == key ? results[place] : null;
            return value is not null;
        }

        public IEnumerator<KeyValuePair<string, TrialResult>> GetEnumerator() => Values.Select(result => KeyValuePair.Create(result.PlanId, result)).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
