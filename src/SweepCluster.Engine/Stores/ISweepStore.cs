using System.Collections.Immutable;
using SweepCluster.Engine.Jobs;

namespace SweepCluster.Engine.Stores;

/// <summary>The only holder of state: sweeps, jobs, leases, results. What a call acknowledged is on disk. Every call may be repeated; calls may come from many threads and, where the store is shared, from many silos.</summary>
public interface ISweepStore : IAsyncDisposable
{
    /// <summary>Adds a sweep with its first jobs, or finds that it is already there.</summary>
    /// <returns>True if it was added, false if a sweep of this id was there; then nothing was written.</returns>
    /// <exception cref="StoreConflictException">The id belongs to a sweep of another spec, model, data or version.</exception>
    Task<bool> AddSweepAsync(SweepRecord sweep, IReadOnlyList<Job> jobs, CancellationToken cancellationToken);

    /// <summary>Every sweep, in the order in which they were added.</summary>
    Task<ImmutableArray<SweepRecord>> ListSweepsAsync(CancellationToken cancellationToken);

    /// <summary>Appends jobs to a sweep, all or none.</summary>
    /// <param name="sweepId">The sweep.</param>
    /// <param name="expectedSequence">Number of jobs that the sweep has, as far as the caller knows: the first new job gets this place.</param>
    /// <param name="jobs">The jobs, in the order in which they are to be claimed.</param>
    /// <param name="cancellationToken">Gives up waiting; the jobs may have been written.</param>
    /// <exception cref="StoreConflictException">The sweep has another number of jobs, or already a job of one of these keys.</exception>
    Task AppendJobsAsync(string sweepId, long expectedSequence, IReadOnlyList<Job> jobs, CancellationToken cancellationToken);

    /// <summary>Jobs of a sweep in sequence order.</summary>
    /// <param name="sweepId">The sweep.</param>
    /// <param name="from">The first place to read.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<ImmutableArray<QueuedJob>> ReadJobsAsync(string sweepId, long from, int limit, CancellationToken cancellationToken);

    /// <summary>Claims jobs that have no result and no valid lease, in sequence order. A <see cref="JobKind.Coordinate"/> job is given out only when every job before it has a result on disk.</summary>
    /// <param name="filter">Of which sweeps.</param>
    /// <param name="silo">Who claims.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="lease">How long the claim holds unless it is renewed.</param>
    /// <param name="cancellationToken">Gives up; what was claimed by then is claimed again when its lease ends.</param>
    /// <returns>The claims; none when there is nothing to do now.</returns>
    Task<ImmutableArray<Claim>> ClaimAsync(ClaimFilter filter, string silo, int limit, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Makes leases hold for <paramref name="lease"/> from now.</summary>
    /// <returns>One flag a claim: false where the job was claimed by another since, or has its result; whoever computes it may stop.</returns>
    Task<ImmutableArray<bool>> RenewAsync(IReadOnlyList<Claim> claims, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Gives jobs back at once, without a result. Claims that no longer hold are passed over.</summary>
    Task ReleaseAsync(IReadOnlyList<Claim> claims, CancellationToken cancellationToken);

    /// <summary>Records a result, once, with the jobs that follow from it, together or not at all. Returns when it is on disk.</summary>
    /// <param name="claim">The claim under which it was computed. It need not hold any more: results are functions of their jobs, so the first one stands whoever computed it.</param>
    /// <param name="result">The result.</param>
    /// <param name="proposals">For a coordinator's job: the next round, appended right after it. None for others.</param>
    /// <param name="cancellationToken">Gives up waiting; the result may have been written.</param>
    /// <exception cref="ResultConflictException">The job has a result already, and another one.</exception>
    /// <exception cref="StoreConflictException">Jobs were appended after the coordinator's, or a key of <paramref name="proposals"/> is taken. Nothing was written.</exception>
    /// <exception cref="StoreUnavailableException">It could not be written.</exception>
    Task<RecordOutcome> TryRecordAsync(Claim claim, JobResult result, IReadOnlyList<Job> proposals, CancellationToken cancellationToken);

    /// <summary>Results of a sweep in the order in which they were recorded.</summary>
    /// <param name="sweepId">The sweep.</param>
    /// <param name="after">Only those with a greater <see cref="RecordedResult.Sequence"/>; 0 for all.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<ImmutableArray<RecordedResult>> ReadResultsAsync(string sweepId, long after, int limit, CancellationToken cancellationToken);

    /// <summary>Counts of a sweep.</summary>
    Task<SweepStatus> ReadStatusAsync(string sweepId, CancellationToken cancellationToken);

    /// <summary>Waits until something was added, recorded or released since <paramref name="seen"/>. A lease that runs out is no change: who waits for one sets a limit through the token.</summary>
    /// <param name="seen">What an earlier call returned; 0 at first, which returns at once.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A number for the next call.</returns>
    Task<long> WaitForChangeAsync(long seen, CancellationToken cancellationToken);
}
