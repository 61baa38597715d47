using System.Collections.Immutable;
using SweepCluster.Engine.Jobs;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Trials;

namespace SweepCluster.Engine.Records;

/// <summary>A plan over a range, put together from the results of its parts.</summary>
internal sealed class TrialEntry(Plan plan, SampleRange range)
{
    private readonly List<(int Start, int Count, JobResult? Result)> _parts = [];

    internal Plan Plan { get; } = plan;

    internal SampleRange Range { get; } = range;

    /// <summary>Whether every part is recorded.</summary>
    internal bool IsComplete => _parts.TrueForAll(part => part.Result is not null);

    /// <summary>Why the trial failed: the first part's failure in sample order; null where none failed.</summary>
    internal string? Failure => _parts.Select(part => part.Result?.Failure).FirstOrDefault(failure => failure is not null);

    /// <summary>Adds a part that was proposed; parts come in sample order.</summary>
    internal int AddPart(JobPayloads.Trial payload)
    {
        _parts.Add((payload.Start, payload.Count, null));
        return _parts.Count - 1;
    }

    /// <summary>Sets the result of a part.</summary>
    internal void Record(int part, JobResult result) => _parts[part] = _parts[part] with { Result = result };

    /// <summary>The trial, once complete: tallies added in sample order.</summary>
    internal TrialResult ToResult()
    {
        JobResults.Trial[] parts = [.. _parts.Where(part => part.Result?.Payload is not null).Select(part => EngineJson.Read(part.Result!.Payload!, EngineJson.Default.TrialResult))];
        JobResults.Trial? first = parts.FirstOrDefault(part => part.WeightsHash is not null);
        OutcomeTally? tally = Failure is not null || parts.Any(part => part.Tally is null) ? null
            : parts.Select(part => part.Tally!).Aggregate((sum, part) => sum.Add(part));
        ImmutableSortedDictionary<string, Estimate> metrics = (first?.Metrics ?? ImmutableSortedDictionary<string, Estimate>.Empty)
            .ToImmutableSortedDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);
        return new TrialResult(Plan.Id, Range, first?.SizeBytes ?? 0, first?.WeightsHash ?? "", tally, metrics, Failure);
    }

    /// <summary>Blobs of the recorded outputs with the samples that each covers, in sample order.</summary>
    internal IEnumerable<(int Start, int Count, string Outputs)> Outputs() => _parts
        .Where(part => part.Result?.Payload is not null)
        .Select(part => (part.Start, part.Count, EngineJson.Read(part.Result!.Payload!, EngineJson.Default.TrialResult).Outputs))
        .Where(part => part.Outputs is not null)!;
}
