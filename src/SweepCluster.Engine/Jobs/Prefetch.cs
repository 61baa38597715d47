using System.Collections.Immutable;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Jobs;

/// <summary>
/// How many jobs a silo claims ahead of its slots. Jobs that take seconds are claimed one by one, when a slot is free; where a sweep's jobs of a kind have proven
/// short, so that asking for each would take longer than the job, a silo asks for more at a time: twice as many as before, up to half a second of work. Thread-safe.
/// </summary>
/// <param name="slots">Jobs that run at the same time.</param>
internal sealed class Prefetch(int slots)
{
    /// <summary>Most jobs of one claim.</summary>
    internal const int Most = 1000;

    private const double Weight = 0.1; // of the newest job in the average
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_ahead = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly Dictionary<(string SweepId, JobKind Kind), double> _averages = []; // in seconds
    private double _latest = double.MaxValue;
    private int _allowed = 1;

    /// <summary>How many jobs to claim.</summary>
    /// <param name="waiting">Slots that have none.</param>
    internal int Limit(int waiting)
    {
        lock (_gate)
        {
            double ahead = IsShort(_latest) ? s_ahead.TotalSeconds * slots / Math.Max(_latest, 1e-6) : 1;
            return Math.Clamp((int)Math.Min(_allowed, ahead), Math.Min(waiting, Most), Most);
        }
    }

    /// <summary>Takes a job's time into account.</summary>
    internal void Ran(Claim claim, TimeSpan elapsed)
    {
        lock (_gate)
        {
            (string, JobKind) key = (claim.SweepId, claim.Job.Kind);
            double seconds = elapsed.TotalSeconds;
            _averages[key] = _latest = _averages.TryGetValue(key, out double average) ? average + (Weight * (seconds - average)) : seconds;
        }
    }

    /// <summary>How many of these claims to keep, from the first. Beyond those for slots that wait now: short jobs alone, and none at all beside one that has failed before, which may take the silo down with it.</summary>
    internal int Keep(ImmutableArray<Claim> claims, int waiting)
    {
        lock (_gate)
        {
            int kept = Math.Min(waiting, claims.Length);
            if (!claims.Any(claim => claim.Attempts > 0))
            {
                while (kept < claims.Length && _averages.TryGetValue((claims[kept].SweepId, claims[kept].Job.Kind), out double average) && IsShort(average))
                {
                    kept++;
                }
            }

            _allowed = kept < claims.Length ? 1 : Math.Min(Math.Max(_allowed, claims.Length) * 2, Most);
            return kept;
        }
    }

    private static bool IsShort(double seconds) => seconds < s_short.TotalSeconds;
}
