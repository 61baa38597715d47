using SweepCluster.Graphs.Schemes;

namespace SweepCluster.Sweeps.Specs.CoreMlTools;

/// <summary>What a coremltools configuration says of one operation, type or name.</summary>
/// <param name="Scheme">The scheme; null leaves it alone.</param>
/// <param name="WeightThreshold">Weights with at most this many elements stay as they are.</param>
internal sealed record OpConfig(Scheme? Scheme, long WeightThreshold);
