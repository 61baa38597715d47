using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using SweepCluster.Engine.Jobs;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Trials;

namespace SweepCluster.Engine.Records;

/// <summary>A plan over a range, put together from the results of its parts. Once complete it keeps what they add up to, not the parts.</summary>
internal sealed class TrialEntry(Plan plan, SampleRange range)
{
    private List<Part>? _parts = [];
    private TrialResult? _result;
    private ImmutableArray<(int Start, int Count, string Outputs)> _outputs = []; // of the uncompressed model alone

    internal Plan Plan { get; } = plan;

    internal SampleRange Range { get; } = range;

    /// <summary>Whether every part is recorded.</summary>
    [MemberNotNullWhen(false, nameof(_parts))]
    internal bool IsComplete => _parts is null;

    /// <summary>Adds a part that was proposed; parts come in sample order.</summary>
    internal int AddPart(JobPayloads.Trial payload)
    {
        _parts ??= Reopen();
        _parts.Add(new Part(payload.Start, payload.Count, false, null, null));
        return _parts.Count - 1;
    }

    /// <summary>The cost of a part that is not recorded yet.</summary>
    internal JobCost CostOf(int part) => JobCost.OfTrial(_parts![part].Count);

    /// <summary>Sets the result of a part.</summary>
    internal void Record(int part, JobResult result)
    {
        _parts![part] = _parts[part] with
        {
            IsRecorded = true,
            Result = result.Payload is null ? null : EngineJson.Read(result.Payload, EngineJson.Default.TrialResult),
            Failure = result.Failure,
        };
        if (_parts.TrueForAll(recorded => recorded.IsRecorded))
        {
            _result = Add(_parts);
            _outputs = [.. OutputsOf(_parts)];
            _parts = null;
        }
    }

    /// <summary>The trial, once complete: tallies added in sample order.</summary>
    internal TrialResult ToResult() => _result ?? throw new InvalidOperationException($"The plan {Plan.Id} has parts that are not recorded.");

    /// <summary>Blobs of the recorded outputs with the samples that each covers, in sample order.</summary>
    internal IEnumerable<(int Start, int Count, string Outputs)> Outputs() => _parts is null ? _outputs : OutputsOf(_parts);

    private static IEnumerable<(int Start, int Count, string Outputs)> OutputsOf(List<Part> parts) =>
        parts.Where(part => part.Result?.Outputs is not null).Select(part => (part.Start, part.Count, part.Result!.Outputs!));

    private TrialResult Add(List<Part> parts)
    {
        JobResults.Trial[] results = [.. parts.Select(part => part.Result).OfType<JobResults.Trial>()];
        JobResults.Trial? first = Array.Find(results, part => part.WeightsHash is not null);
        string? failure = parts.Select(part => part.Failure).FirstOrDefault(text => text is not null); // the first in sample order
        OutcomeTally? tally = failure is not null || Array.Exists(results, part => part.Tally is null) ? null
            : results.Select(part => part.Tally!).Aggregate((sum, part) => sum.Add(part));
        ImmutableSortedDictionary<string, Estimate> metrics = first?.Metrics is { Count: > 0 } own
            ? own.ToImmutableSortedDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal)
            : ImmutableSortedDictionary<string, Estimate>.Empty;
        return new TrialResult(Plan.Id, Range, first?.SizeBytes ?? 0, first?.WeightsHash ?? "", tally, metrics, failure);
    }

    // All parts of a trial are proposed in one round, and a round is read as a whole before its results are.
    private List<Part> Reopen() => throw new InvalidOperationException($"The plan {Plan.Id} got a part after its trial was complete.");

    private readonly record struct Part(int Start, int Count, bool IsRecorded, JobResults.Trial? Result, string? Failure);
}
