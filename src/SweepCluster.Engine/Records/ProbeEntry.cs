using SweepCluster.Engine.Jobs;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Probes;

namespace SweepCluster.Engine.Records;

/// <summary>A layer's probes, put together from the results of their parts.</summary>
internal sealed class ProbeEntry
{
    private readonly List<(JobPayloads.Probe Payload, JobResult? Result)> _parts = [];

    /// <summary>Adds a part that was proposed; parts come in sample order.</summary>
    internal int AddPart(JobPayloads.Probe payload)
    {
        _parts.Add((payload, null));
        return _parts.Count - 1;
    }

    /// <summary>Sets the result of a part.</summary>
    internal void Record(int part, JobResult result) => _parts[part] = _parts[part] with { Result = result };

    /// <summary>One probe for each scheme, once every part is recorded; none before.</summary>
    internal IEnumerable<ProbeResult> ToResults()
    {
        if (_parts.Exists(part => part.Result is null))
        {
            yield break;
        }

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
