using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;
using SweepCluster.Orleans.Clients;

namespace SweepCluster.Orleans.Jobs;

/// <summary>
/// Runs a claimed job in a grain on this silo. What counts is the claim: a job that no grain takes runs by a plain call, because this silo is no member of the cluster yet or any more,
/// or because the cluster is about to notice that another one died.
/// </summary>
internal sealed class GrainJobHost(SiloWork work, TimeProvider time) : IJobHost
{
    private const int MostAttempts = 3;
    private static readonly TimeSpan s_hanging = JobGrain.Patience + TimeSpan.FromSeconds(3); // a call that takes longer is lost on the way
    private static readonly TimeSpan s_aside = TimeSpan.FromSeconds(1); // for which this silo takes no job of a sweep whose jobs were asked to stop
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);

    private volatile ClusterSeat? _seat;

    /// <summary>Says that this silo has become a member of a cluster; null: that it is none.</summary>
    internal void Sit(ClusterSeat? seat) => _seat = seat;

    /// <inheritdoc/>
    public async Task<JobOutcome> RunAsync(Claim claim, CancellationToken cancellationToken)
    {
        JobSubject subject = JobSubject.Of(claim.Job);
        using RunningJob job = work.Add(claim, subject, cancellationToken);
        if (_seat is { } seat)
        {
            await RunAsync(() => GrainOf(seat, claim, subject), job);
        }

        job.Begin();
        try
        {
            return await job.Completion;
        }
        catch (OperationCanceledException) when (job.IsStopped && !cancellationToken.IsCancellationRequested)
        {
            throw new SweepSetAsideException($"sweep {claim.SweepId}: its jobs were asked to stop", null, s_aside); // given back without blame; the store says what becomes of it
        }
    }

    /// <summary>Has a grain run the job to its end, as long as the grain can be reached. What a call says or fails with is no part of the job's outcome.</summary>
    private async Task RunAsync(Func<IJobGrain> grain, RunningJob job)
    {
        for (int attempt = 1; attempt <= MostAttempts && !job.Completion.IsCompleted; attempt++)
        {
            try
            {
                if (await grain().RunAsync(job.Item.Job).WaitAsync(s_hanging, time) != JobState.Running)
                {
                    return;
                }

                attempt = 0;
            }
            catch (Exception error) when (GrainCalls.MayPass(error))
            {
                await Task.WhenAny(job.Completion, Task.Delay(s_pause * attempt, time));
            }
            catch (Exception)
            {
                return; // this silo is leaving the cluster: nothing of Orleans works any more
            }
        }
    }

    private static IJobGrain GrainOf(ClusterSeat seat, Claim claim, JobSubject subject)
    {
        string key = $"{seat.Silo}|{claim.SweepId}|{subject.Key}";
        return claim.Job.Kind switch
        {
            JobKind.Layer or JobKind.Probe => seat.Grains.GetGrain<ILayerGrain>(key),
            JobKind.Trial => seat.Grains.GetGrain<ITrialGrain>(key),
            _ => seat.Grains.GetGrain<ICoordinatorGrain>(key),
        };
    }
}
