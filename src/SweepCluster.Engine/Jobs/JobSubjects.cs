using SweepCluster.Graphs;

namespace SweepCluster.Engine.Jobs;

/// <summary>What a job is about, for people.</summary>
internal static class JobSubjects
{
    /// <summary>The layer of a job that makes or probes its cells, the label of the plan that a trial measures; null for others.</summary>
    internal static string? Of(Job job)
    {
        try
        {
            return job.Kind switch
            {
                JobKind.Layer => EngineJson.Read(job.Payload, EngineJson.Default.LayerPayload).Weight,
                JobKind.Probe => EngineJson.Read(job.Payload, EngineJson.Default.ProbePayload).Layer,
                JobKind.Trial => EngineJson.Read(job.Payload, EngineJson.Default.TrialPayload).Plan?.Label,
                _ => null,
            };
        }
        catch (BadInputException)
        {
            return null;
        }
    }
}
