using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Jobs;

/// <summary>Sweeps whose jobs this silo leaves to others, for a while or for good. Thread-safe.</summary>
internal sealed class SetAsideSweeps(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _until = new(StringComparer.Ordinal);

    /// <summary>Leaves a sweep alone.</summary>
    /// <param name="sweepId">The sweep.</param>
    /// <param name="pause">How long; null: for good.</param>
    internal void Add(string sweepId, TimeSpan? pause)
    {
        lock (_gate)
        {
            _until[sweepId] = pause is { } span ? time.GetTimestamp() + (long)(span.TotalSeconds * time.TimestampFrequency) : long.MaxValue;
        }
    }

    /// <summary>The filter without them.</summary>
    internal ClaimFilter Except(ClaimFilter filter)
    {
        lock (_gate)
        {
            if (_until.Count == 0)
            {
                return filter;
            }

            long now = time.GetTimestamp();
            foreach (string over in _until.Where(entry => entry.Value <= now).Select(entry => entry.Key).ToArray())
            {
                _until.Remove(over);
            }

            return filter with { Except = [.. _until.Keys] };
        }
    }
}
