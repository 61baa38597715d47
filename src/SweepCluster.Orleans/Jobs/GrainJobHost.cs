using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;
using SweepCluster.Orleans.Clients;

namespace SweepCluster.Orleans.Jobs;

/// <summary>
/// Runs a claimed job in a grain on this silo. What counts is the claim: a job that no grain takes, because the cluster is about to notice that a member of it died, runs by a plain call.
/// </summary>
internal sealed class GrainJobHost(IGrainFactory grains, SiloWork work, TimeProvider time) : IJobHost
{
    private const int MostAttempts = 3;
    private static readonly TimeSpan s_hanging = JobGrain.Patience + TimeSpan.FromSeconds(3); // a call that takes longer is lost on the way
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);

    /// <inheritdoc/>
    public async Task<JobOutcome> RunAsync(Claim claim, CancellationToken cancellationToken)
    {
        JobSubject subject = JobSubject.Of(claim.Job);
        using RunningJob job = work.Add(claim, subject, cancellationToken);
        await RunAsync(GrainOf(claim, subject), job);
        job.Begin();
        return await job.Completion;
    }

    /// <summary>Has a grain run the job to its end, as long as the grain can be reached.</summary>
    private async Task RunAsync(IJobGrain grain, RunningJob job)
    {
        for (int attempt = 1; attempt <= MostAttempts && !job.Completion.IsCompleted; attempt++)
        {
            try
            {
                if (await grain.RunAsync(job.Item.Job).WaitAsync(s_hanging, time) != JobState.Running)
                {
                    return;
                }

                attempt = 0;
            }
            catch (Exception error) when (GrainCalls.MayPass(error))
            {
                await Task.WhenAny(job.Completion, Task.Delay(s_pause * attempt, time));
            }
        }
    }

    private IJobGrain GrainOf(Claim claim, JobSubject subject)
    {
        string key = $"{work.Silo}|{claim.SweepId}|{subject.Key}";
        return claim.Job.Kind switch
        {
            JobKind.Layer or JobKind.Probe => grains.GetGrain<ILayerGrain>(key),
            JobKind.Trial => grains.GetGrain<ITrialGrain>(key),
            _ => grains.GetGrain<ICoordinatorGrain>(key),
        };
    }
}
