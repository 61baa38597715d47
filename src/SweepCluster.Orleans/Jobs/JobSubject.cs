using System.Globalization;
using SweepCluster.Engine.Jobs;

namespace SweepCluster.Orleans.Jobs;

/// <summary>What a job is about.</summary>
/// <param name="Key">Tells it from others of the sweep: the layer's name, the plan's id, the round.</param>
/// <param name="Label">The same for people.</param>
internal readonly record struct JobSubject(string Key, string Label)
{
    internal static JobSubject Of(Job job)
    {
        switch (job.Kind)
        {
            case JobKind.Layer:
                string weight = EngineJson.Read(job.Payload, EngineJson.Default.LayerPayload).Weight;
                return new JobSubject(weight, weight);
            case JobKind.Probe:
                string layer = EngineJson.Read(job.Payload, EngineJson.Default.ProbePayload).Layer;
                return new JobSubject(layer, layer);
            case JobKind.Trial:
                JobPayloads.Trial trial = EngineJson.Read(job.Payload, EngineJson.Default.TrialPayload);
                return new JobSubject(trial.Plan.Id, trial.Plan.Label);
            default:
                string round = EngineJson.Read(job.Payload, EngineJson.Default.CoordinatePayload).Round.ToString(CultureInfo.InvariantCulture);
                return new JobSubject(round, $"round {round}");
        }
    }
}
