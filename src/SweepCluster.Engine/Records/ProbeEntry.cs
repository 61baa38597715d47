using System.Collections.Immutable;
using SweepCluster.Engine.Jobs;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Probes;

namespace SweepCluster.Engine.Records;

/// <summary>A layer's probes, put together from the results of their parts. Once complete it keeps what they add up to, not the parts.</summary>
internal sealed class ProbeEntry
{
    private readonly List<(JobPayloads.Probe Payload, JobResult? Result)> _parts = [];
    private ImmutableArray<ProbeResult> _results = [];

    /// <summary>Adds a part that was proposed; parts come in sample order.</summary>
    internal int AddPart(JobPayloads.Probe payload)
    {
        _parts.Add((payload, null));
        return _parts.Count - 1;
    }

    /// <summary>The cost of a part.</summary>
    internal JobCost CostOf(int part) => JobCost.Of(_parts[part].Payload);

    /// <summary>Sets the result of a part.</summary>
    internal void Record(int part, JobResult result)
    {
        _parts[part] = _parts[part] with { Result = result };
        if (_parts.TrueForAll(recorded => recorded.Result is not null))
        {
            _results = [.. Add()];
        }
    }

    /// <summary>One probe for each scheme, once every part is recorded; none before.</summary>
    internal ImmutableArray<ProbeResult> ToResults() => _results;

    private IEnumerable<ProbeResult> Add()
    {
        string? failure = _parts.Select(part => part.Result!.Failure).FirstOrDefault(text => text is not null);
        JobResults.Probe[] parts = failure is not null ? [] : [.. _parts.Select(part => EngineJson.Read(part.Result!.Payload!, EngineJson.Default.ProbeResult))];
        JobPayloads.Probe payload = _parts[0].Payload;
        for (int scheme = 0; scheme < payload.Schemes.Length; scheme++)
        {
            JobResults.ProbedCell[] cells = [.. parts.Select(part => part.Cells[scheme])];
            string? reason = failure ?? cells.Select(cell => cell.Failure).FirstOrDefault(text => text is not null);
            OutcomeTally? tally = reason is not null ? null : cells.Select(cell => cell.Tally!).Aggregate((sum, part) => sum.Add(part));
            yield return new ProbeResult(payload.Layer, payload.Schemes[scheme], tally, reason);
        }
    }
}
