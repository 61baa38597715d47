using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Sessions;

namespace SweepCluster.Engine.Records;

/// <summary>What a job is expected to take, for progress only. One unit is one sample through the model.</summary>
/// <param name="Units">Expected work.</param>
/// <param name="Samples">Samples that pass through the model.</param>
internal readonly record struct JobCost(double Units, long Samples)
{
    /// <summary>One run of a user's command, of which nothing is known.</summary>
    internal const double CommandUnits = 1000;

    private const double UnitsPerModelOfElements = 10; // making one cell of every layer takes about as long as this many samples
    private const double ShareOfNetwork = 0.5; // of a network that lies behind a layer, on average

    /// <summary>The cost of jobs that only decide.</summary>
    internal static JobCost None => default;

    internal static JobCost Of(JobPayloads.Layer payload, SweepModel model) => new(
        UnitsPerModelOfElements * payload.Schemes.Length * model.Weights[payload.Weight].Shape.ElementCount / model.Elements, 0);

    /// <summary>The cost of a layer's cells for who does not know the model.</summary>
    internal static JobCost OfUnknownLayer(int schemes) => new(schemes, 0);

    internal static JobCost Of(JobPayloads.Probe payload) => OfProbe(payload.Schemes.Length, payload.Count);

    internal static JobCost OfProbe(int schemes, int samples) => new(samples * ((ShareOfNetwork * schemes) + 1 - ShareOfNetwork), (long)samples * schemes);

    internal static JobCost Of(JobPayloads.Trial payload) => OfTrial(payload.Count);

    internal static JobCost OfTrial(int samples) => samples == 0 ? new(CommandUnits, 0) : new(samples, samples);
}
