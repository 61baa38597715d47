using System.Globalization;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Clusters;

/// <summary>Tells whoever started a silo of the jobs that fail in it, a line each, and only so many a minute: the store has them all. Thread-safe.</summary>
internal sealed class FailureTeller(ISweepStore store, Action<string> notice, TimeProvider time) : DelegatingStore(store)
{
    internal const int LinesAMinute = 10;
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private long _begun;
    private int _told, _untold;

    /// <inheritdoc/>
    public override async Task FailAsync(Claim claim, string reason, TimeSpan pause, CancellationToken cancellationToken)
    {
        await base.FailAsync(claim, reason, pause, cancellationToken);
        Tell(claim, $"attempt failed: {reason}");
    }

    /// <summary>A job has its result here.</summary>
    internal void Finish(FinishedJob job)
    {
        if (job.Result.Failure is { } failure)
        {
            Tell(job.Claim, $"failed: {failure}");
        }
    }

    private void Tell(Claim claim, string what)
    {
        string about = JobSubjects.Of(claim.Job) is { } subject ? $" {subject}" : "";
        string line = string.Create(CultureInfo.InvariantCulture, $"sweep {claim.SweepId}: job {claim.Sequence}, {claim.Job.Kind.ToString().ToLowerInvariant()}{about}, {what}");
        lock (_lock)
        {
            if (_told == 0 || time.GetElapsedTime(_begun) >= s_minute)
            {
                line = _untold > 0 ? $"{line} ({_untold} more failures before it; 'sweep events' has the attempts)" : line;
                (_begun, _told, _untold) = (time.GetTimestamp(), 0, 0);
            }

            if (_told == LinesAMinute)
            {
                _untold++;
                return;
            }

            _told++;
        }

        notice(line);
    }
}
