using System.Collections.Immutable;
using SweepCluster.Engine.Jobs;

namespace SweepCluster.Engine.Stores;

/// <summary>The only holder of state: sweeps, jobs, leases, results. What a call acknowledged is on disk. Every call may be repeated; calls may come from many threads and, where the store is shared, from many silos.</summary>
public interface ISweepStore : IAsyncDisposable
{
    /// <summary>Adds a sweep with its first jobs, or finds that it is already there; then its control stays as it is.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="control">What is asked of it.</param>
    /// <param name="jobs">Its first jobs.</param>
    /// <param name="cancellationToken">Gives up waiting; the sweep may have been written.</param>
    /// <returns>True if it was added, false if a sweep of this id was there; then nothing was written.</returns>
    /// <exception cref="StoreConflictException">The id belongs to a sweep of another spec, model, data or version.</exception>
    Task<bool> AddSweepAsync(SweepRecord sweep, SweepControl control, IReadOnlyList<Job> jobs, CancellationToken cancellationToken);

    /// <summary>Every sweep, in the order in which they were added.</summary>
    Task<ImmutableArray<SweepRecord>> ListSweepsAsync(CancellationToken cancellationToken);

    /// <summary>Changes what is asked of a sweep. Where a sweep runs again that did not, the attempts at its open jobs are forgotten, with their pauses.</summary>
    /// <param name="sweepId">The sweep.</param>
    /// <param name="change">Gives the new control from the present one; may be called again where somebody else was first. What it throws goes to the caller and nothing is changed.</param>
    /// <param name="cancellationToken">Gives up waiting; the change may have been written.</param>
    /// <returns>The new control.</returns>
    Task<SweepControl> ChangeAsync(string sweepId, Func<SweepControl, SweepControl> change, CancellationToken cancellationToken);

    /// <summary>Removes a sweep with its jobs and results; its events stay, blobs that nothing refers to any more are collected later. One that is not there is as good as removed: its claims no longer hold, nor when it is added again: that is another <see cref="Claim.Life"/>.</summary>
    /// <exception cref="StoreConflictException">It is running and not finished: pause or cancel it first.</exception>
    Task RemoveSweepAsync(string sweepId, CancellationToken cancellationToken);

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

    /// <summary>
    /// Claims jobs of running sweeps that have no result, no valid lease and no pause to keep: of the sweeps of the highest priority first, in equal shares among those (the sweep
    /// that holds the fewest leases next), in sequence order within a sweep. A <see cref="JobKind.Coordinate"/> job is given out only when every job before it has a result on disk.
    /// A lease that ran out counts as an attempt; its last error is <see cref="Claim.SiloLost"/>.
    /// </summary>
    /// <param name="filter">Of which sweeps.</param>
    /// <param name="silo">Who claims.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="lease">How long the claim holds unless it is renewed.</param>
    /// <param name="cancellationToken">Gives up; what was claimed by then is claimed again when its lease ends.</param>
    /// <returns>The claims; none when there is nothing to do now.</returns>
    Task<ImmutableArray<Claim>> ClaimAsync(ClaimFilter filter, string silo, int limit, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Claims a copy of a job that another silo holds and is late with, for a silo that has nothing else to do. Both go on; the first result stands. One copy a job; none of <see cref="JobKind.Coordinate"/> jobs, nor of sweeps that run a command (<see cref="SweepNeeds.RunsCommand"/>).</summary>
    /// <param name="filter">Of which sweeps.</param>
    /// <param name="silo">Who claims.</param>
    /// <param name="leastAge">A job that was begun less long ago is not late; nor is one that was begun less than three times as long ago as 95 % of the sweep's latest jobs of its kind took.</param>
    /// <param name="lease">How long the claim holds unless it is renewed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The copy; null where no job is late, or no other silo can be.</returns>
    Task<Claim?> ClaimCopyAsync(ClaimFilter filter, string silo, TimeSpan leastAge, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Makes leases hold for <paramref name="lease"/> from now.</summary>
    /// <returns>One flag a claim: false where the job was claimed by another since, or has its result, or its sweep was cancelled or removed; whoever computes it may stop.</returns>
    Task<ImmutableArray<bool>> RenewAsync(IReadOnlyList<Claim> claims, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Gives jobs back at once, without a result and without blame: no attempt is counted. Claims that no longer hold are passed over.</summary>
    Task ReleaseAsync(IReadOnlyList<Claim> claims, CancellationToken cancellationToken);

    /// <summary>Gives a job back whose attempt ended without a result, for a reason that may pass. Counts an attempt. A claim that no longer holds is passed over.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="reason">How it ended, on one line.</param>
    /// <param name="pause">The job is not given out before this time has passed.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task FailAsync(Claim claim, string reason, TimeSpan pause, CancellationToken cancellationToken);

    /// <summary>Records a result, once, with the jobs that follow from it, together or not at all. Returns when it is on disk.</summary>
    /// <param name="claim">The claim under which it was computed. It need not hold any more: results are functions of their jobs, so the first one stands whoever computed it.</param>
    /// <param name="result">The result. One that <see cref="JobResult.IsSetAside"/> is told as <see cref="StoreEventKind.SetAside"/>.</param>
    /// <param name="proposals">For a coordinator's job: the next round, appended right after it. None for others.</param>
    /// <param name="cancellationToken">Gives up waiting; the result may have been written.</param>
    /// <exception cref="ResultConflictException">The job has a result already, and this one contradicts it (<see cref="JobResult.Contradicts"/>); the first one stands either way.</exception>
    /// <exception cref="StoreConflictException">Jobs were appended after the coordinator's, or a key of <paramref name="proposals"/> is taken, or the sweep was removed since, even if it was handed in again (<see cref="Claim.Life"/>). Nothing was written.</exception>
    /// <exception cref="StoreUnavailableException">It could not be written.</exception>
    Task<RecordOutcome> TryRecordAsync(Claim claim, JobResult result, IReadOnlyList<Job> proposals, CancellationToken cancellationToken);

    /// <summary>Results of a sweep in the order in which they were recorded.</summary>
    /// <param name="sweepId">The sweep.</param>
    /// <param name="after">Only those with a greater <see cref="RecordedResult.Sequence"/>; 0 for all.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<ImmutableArray<RecordedResult>> ReadResultsAsync(string sweepId, long after, int limit, CancellationToken cancellationToken);

    /// <summary>Where and when a sweep's results were computed, in the order in which they were recorded; none where the store does not keep it.</summary>
    /// <param name="sweepId">The sweep.</param>
    /// <param name="after">Only those with a greater <see cref="ResultOrigin.Sequence"/>; 0 for all.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<ImmutableArray<ResultOrigin>> ReadOriginsAsync(string sweepId, long after, int limit, CancellationToken cancellationToken);

    /// <summary>Results without failure of jobs about the same subject (<see cref="Job.Subject"/>), of whatever sweep.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<ImmutableArray<RecordedResult>> FindResultsAsync(string subject, CancellationToken cancellationToken);

    /// <summary>Says that a silo is there and what it has.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="lease">It is heard of again before this time has passed, or it is lost.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task HeartbeatAsync(SiloRecord silo, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Says that a silo goes, in order.</summary>
    Task LeaveAsync(string silo, CancellationToken cancellationToken);

    /// <summary>Silos that are there, by name. One that was not heard of for longer than it said is no longer among them, and its loss is an event.</summary>
    Task<ImmutableArray<SiloStatus>> ListSilosAsync(CancellationToken cancellationToken);

    /// <summary>Jobs that silos hold now, by silo, sweep and place; copies are told like others.</summary>
    Task<ImmutableArray<HeldJob>> ListHeldAsync(CancellationToken cancellationToken);

    /// <summary>Events in the order in which they happened.</summary>
    /// <param name="sweepId">Of this sweep alone; null: all.</param>
    /// <param name="after">Only those with a greater <see cref="StoreEvent.Number"/>; 0 for all.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<ImmutableArray<StoreEvent>> ReadEventsAsync(string? sweepId, long after, int limit, CancellationToken cancellationToken);

    /// <summary>Counts of a sweep.</summary>
    Task<SweepStatus> ReadStatusAsync(string sweepId, CancellationToken cancellationToken);

    /// <summary>Waits until something was added, recorded, released or changed since <paramref name="seen"/>. A lease that runs out is no change: who waits for one sets a limit through the token.</summary>
    /// <param name="seen">What an earlier call returned; 0 at first, which returns at once.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A number for the next call.</returns>
    Task<long> WaitForChangeAsync(long seen, CancellationToken cancellationToken);
}
