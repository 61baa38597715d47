using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Telemetry;

namespace SweepCluster.Engine.Jobs;

/// <summary>Brings results to the store while slots go on. Thread-safe.</summary>
internal sealed class ResultRecorder(ISweepStore store, JobLoopOptions options, LeaseKeeper keeper, Action<FinishedJob> finished) : IDisposable
{
    private readonly SemaphoreSlim _room = new(options.PendingResults);

    /// <summary>Results on their way.</summary>
    internal int Pending => options.PendingResults - _room.CurrentCount;

    /// <summary>Waits until one more result may be on its way.</summary>
    internal Task ReserveAsync() => _room.WaitAsync(CancellationToken.None);

    /// <summary>Records a result for which there is room, and forgets its claim.</summary>
    /// <exception cref="ResultConflictException">The job has another result: a defect.</exception>
    /// <exception cref="StoreUnavailableException">It could not be written.</exception>
    internal async Task RecordAsync(HeldClaim held, JobOutcome outcome, TimeSpan elapsed)
    {
        Claim claim = held.Claim;
        try
        {
            if (await store.TryRecordAsync(claim, outcome.Result, outcome.Proposals, CancellationToken.None) == RecordOutcome.Recorded)
            {
                finished(new FinishedJob(claim, outcome.Result, elapsed, outcome.TakenOver));
            }
        }
        catch (StoreConflictException conflict) when (options.RetriesErrors)
        {
            WorkMetrics.FailAttempt(claim.Job.Kind, WorkMetrics.Error);
            options.Log.FailAttempt(claim, JobFailures.Describe(conflict));
            await store.FailAsync(claim, JobFailures.Describe(conflict), RetryPause.After(claim), CancellationToken.None); // jobs were appended meanwhile, and the round is proposed again after them; or the sweep was removed
        }
        finally
        {
            keeper.Forget(held);
            _room.Release();
        }
    }

    /// <summary>Waits until every result that was on its way has arrived or failed.</summary>
    internal async Task DrainAsync()
    {
        for (int i = 0; i < options.PendingResults; i++)
        {
            await ReserveAsync();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _room.Dispose();
}
