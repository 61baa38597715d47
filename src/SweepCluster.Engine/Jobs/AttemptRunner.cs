using System.Globalization;
using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Telemetry;

namespace SweepCluster.Engine.Jobs;

/// <summary>Runs claimed jobs, each within its limits, and sees to those that end without a result. Thread-safe.</summary>
internal sealed class AttemptRunner(
    ISweepStore store, IJobHost host, JobLoopOptions options, LeaseKeeper keeper, Prefetch prefetch, SetAsideSweeps setAside, NextLook next, TimeProvider time)
{
    private const int FailuresBeforePause = 3;
    private static readonly TimeSpan s_aside = TimeSpan.FromSeconds(1); // for which this silo takes no job of a sweep whose job somebody stopped
    private static readonly TimeSpan s_longestLimit = TimeSpan.FromDays(40); // beyond it timers cannot go, and no job either

    private readonly SideBySide _side = new();
    private int _failures; // of this silo, since its last result

    /// <summary>Slots in use.</summary>
    internal int Running => _side.Running;

    /// <summary>Runs a job, or sets it aside where it has had its attempts.</summary>
    /// <returns>What to record, and how long it took; null where there is nothing: it failed and will be tried again, or was lost or given back.</returns>
    /// <exception cref="Exception">What ends the silo's work.</exception>
    internal async ValueTask<(JobOutcome Outcome, TimeSpan Elapsed)?> RunAsync(HeldClaim held, CancellationToken stop)
    {
        Claim claim = held.Claim;
        using IDisposable? scope = options.Log.Begin(claim);
        try
        {
            stop.ThrowIfCancellationRequested();
            held.Token.ThrowIfCancellationRequested(); // lost before it was begun
            if (PoisonedJobs.Has(claim))
            {
                return await EndAsync(held);
            }

            await _side.EnterAsync(claim.Attempts >= PoisonedJobs.AttemptsBeforeAlone, held.Token);
            try
            {
                return await RunNowAsync(held);
            }
            finally
            {
                _side.Leave();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested || held.Token.IsCancellationRequested)
        {
            await keeper.GiveBackAsync([held]); // where it was lost, the store passes it over
        }
        catch (SweepSetAsideException error)
        {
            await SetAsideAsync(held, error.Pause);
        }
        catch (OperationCanceledException) when (options.RetriesErrors)
        {
            await SetAsideAsync(held, s_aside); // somebody else stopped it, at its host: no fault of the job's, and the store says what becomes of it
        }
        catch (Exception error) when (options.RetriesErrors && JobFailures.MayPass(error))
        {
            await FailAsync(held, WorkMetrics.Error, JobFailures.Describe(error, options.Folder));
            await RestAsync(stop);
        }
        catch
        {
            await keeper.GiveBackAsync([held]);
            throw;
        }

        return null;
    }

    private async Task<(JobOutcome Outcome, TimeSpan Elapsed)?> RunNowAsync(HeldClaim held)
    {
        Claim claim = held.Claim;
        long start = time.GetTimestamp();
        held.Begin(start);
        JobOutcome? outcome;
        try
        {
            outcome = claim.TimeLimit is { } limit && limit < s_longestLimit ? await RunWithinAsync(held, limit) : await host.RunAsync(claim, held.Token);
        }
        catch (Exception error) when (JobFailures.BelongsTo(claim.Job.Kind, error))
        {
            outcome = JobOutcome.Of(JobResult.Failed(JobFailures.Describe(error, options.Folder)));
        }
        finally
        {
            held.End();
        }

        TimeSpan elapsed = time.GetElapsedTime(start);
        prefetch.Ran(claim, elapsed);
        if (outcome is null)
        {
            return null;
        }

        Volatile.Write(ref _failures, 0);
        return (outcome, elapsed);
    }

    /// <summary>Runs a job that has a time limit. Beyond it the job is failed at once, so that others may try, and told to stop; the slot is its own until it has.</summary>
    private async Task<JobOutcome?> RunWithinAsync(HeldClaim held, TimeSpan limit)
    {
        Task<JobOutcome> running = host.RunAsync(held.Claim, held.Token);
        try
        {
            return await running.WaitAsync(limit, time);
        }
        catch (TimeoutException) when (running.IsCompleted)
        {
            return await running; // it ended at the last moment, or the error is its own
        }
        catch (TimeoutException)
        {
            await held.CancelAsync();
            await FailAsync(held, WorkMetrics.TimeLimit, $"took longer than the limit of {Text(limit)}");
        }

        await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        return null; // what it came to after all is left to the next attempt
    }

    /// <summary>Gives a job back without blame, and leaves its sweep alone for a while or for good.</summary>
    private async Task SetAsideAsync(HeldClaim held, TimeSpan? pause)
    {
        setAside.Add(held.Claim.SweepId, pause);
        if (pause is { } span)
        {
            next.In(span);
        }

        await keeper.GiveBackAsync([held]);
    }

    private async Task<(JobOutcome Outcome, TimeSpan Elapsed)?> EndAsync(HeldClaim held)
    {
        if (PoisonedJobs.Result(held.Claim) is { } result)
        {
            return (JobOutcome.Of(result), TimeSpan.Zero);
        }

        await store.ChangeAsync(held.Claim.SweepId, control => PoisonedJobs.Stop(control, held.Claim), CancellationToken.None);
        await keeper.GiveBackAsync([held]);
        return null;
    }

    private async Task FailAsync(HeldClaim held, string kind, string reason)
    {
        WorkMetrics.FailAttempt(held.Claim.Job.Kind, kind);
        options.Log.FailAttempt(held.Claim, reason);
        TimeSpan pause = RetryPause.After(held.Claim);
        keeper.Forget(held);
        await store.FailAsync(held.Claim, reason, pause, CancellationToken.None);
        next.In(pause);
    }

    /// <summary>A silo on which one job after the other fails may itself be what is wrong: it slows down, so that it does not use up the attempts of every job.</summary>
    private async Task RestAsync(CancellationToken stop)
    {
        int failures = Interlocked.Increment(ref _failures);
        if (failures >= FailuresBeforePause)
        {
            await Task.Delay(RetryPause.After(failures - FailuresBeforePause), time, stop);
        }
    }

    private static string Text(TimeSpan span) => span < TimeSpan.FromMinutes(2)
        ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.###} s")
        : string.Create(CultureInfo.InvariantCulture, $"{span.TotalMinutes:0.#} min");
}
