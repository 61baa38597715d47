using System.Collections.Concurrent;
using SweepCluster.Engine.Jobs;
using SweepCluster.Graphs;

namespace SweepCluster.Engine.Telemetry;

/// <summary>The slowest job of each layer's cells that this process did, by sweep. Thread-safe.</summary>
internal sealed class LayerTimes
{
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, TimeSpan>> _sweeps = new(StringComparer.Ordinal);

    /// <summary>Takes a finished job into account.</summary>
    internal void Add(FinishedJob job)
    {
        if (job.Claim.Job.Kind != JobKind.Layer)
        {
            return;
        }

        try
        {
            string layer = EngineJson.Read(job.Claim.Job.Payload, EngineJson.Default.LayerPayload).Weight;
            _sweeps.GetOrAdd(job.Claim.SweepId, static _ => new(StringComparer.Ordinal)).AddOrUpdate(layer, job.Elapsed, (_, known) => job.Elapsed > known ? job.Elapsed : known);
        }
        catch (BadInputException)
        {
            // Another version's job: its layer is not known.
        }
    }

    /// <summary>What is known of a sweep.</summary>
    internal IEnumerable<KeyValuePair<string, TimeSpan>> Of(string sweepId) => _sweeps.TryGetValue(sweepId, out ConcurrentDictionary<string, TimeSpan>? times) ? times : [];

    /// <summary>Forgets every sweep but some.</summary>
    internal void Keep(IReadOnlySet<string> sweeps)
    {
        foreach (string gone in _sweeps.Keys.Where(id => !sweeps.Contains(id)))
        {
            _sweeps.TryRemove(gone, out _);
        }
    }
}
