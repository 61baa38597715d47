using System.Text;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Jobs;

/// <summary>How long a job rests after an attempt without a result.</summary>
internal static class RetryPause
{
    private const double Jitter = 0.1; // so that jobs that failed together do not come back together
    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(1);

    /// <summary>1 s, 2 s, 4 s, .. at most 1 min, and up to a tenth more, which goes by the job's key.</summary>
    internal static TimeSpan After(Claim claim)
    {
        TimeSpan pause = After(claim.Attempts);
        uint seed = Crc32C.Finish(Crc32C.Append(Crc32C.Start + (uint)claim.Attempts, Encoding.UTF8.GetBytes(claim.Job.Key)));
        return pause + (pause * (Jitter * seed / uint.MaxValue));
    }

    /// <summary>1 s, 2 s, 4 s, .. at most 1 min.</summary>
    /// <param name="earlier">Failures before this one.</param>
    internal static TimeSpan After(int earlier)
    {
        TimeSpan pause = s_first * Math.Pow(2, Math.Min(earlier, 30));
        return pause < s_longest ? pause : s_longest;
    }
}
