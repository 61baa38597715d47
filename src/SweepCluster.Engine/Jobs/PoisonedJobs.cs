using System.Globalization;
using SweepCluster.Engine.Stores;
using SweepCluster.Graphs;
using SweepCluster.Sweeps.Plans;

namespace SweepCluster.Engine.Jobs;

/// <summary>Jobs that attempt after attempt came to no result: they are run no more, so that the rest of the sweep, and of the cluster, goes on.</summary>
internal static class PoisonedJobs
{
    /// <summary>Attempts without a result after which a job runs alone in its silo: if it takes the silo down, the blame is its own, and if it did not before, its neighbours learn so.</summary>
    internal const int AttemptsBeforeAlone = 2;

    /// <summary>Whether a claim is not to be run.</summary>
    internal static bool Has(Claim claim) => claim.Attempts >= claim.MaxAttempts;

    /// <summary>What to record of such a job; null where nothing may be, because everything else rests on it: coordination, and the uncompressed model.</summary>
    internal static JobResult? Result(Claim claim) =>
        claim.Job.Kind == JobKind.Coordinate || IsBaseline(claim.Job) ? null : JobResult.SetAside(claim.Attempts, claim.LastError);

    /// <summary>The sweep's control once it cannot go on because of such a job. Whoever acted meanwhile is left alone.</summary>
    internal static SweepControl Stop(SweepControl control, Claim claim) => control.Phase != SweepPhase.Running ? control : control with
    {
        Phase = SweepPhase.Stopped,
        Reason = string.Create(
            CultureInfo.InvariantCulture,
            $"{(claim.Job.Kind == JobKind.Coordinate ? "its coordination" : "the uncompressed model")} came to no result in {claim.Attempts} attempts{(claim.LastError is null ? "" : $"; the last: {claim.LastError}")}"),
    };

    private static bool IsBaseline(Job job)
    {
        if (job.Kind != JobKind.Trial)
        {
            return false;
        }

        try
        {
            return EngineJson.Read(job.Payload, EngineJson.Default.TrialPayload).Plan is { Kind: PlanKind.Baseline };
        }
        catch (BadInputException)
        {
            return false; // unreadable, which may be why it is here
        }
    }
}
