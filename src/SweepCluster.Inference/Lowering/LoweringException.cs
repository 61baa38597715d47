namespace SweepCluster.Inference.Lowering;

/// <summary>One operation cannot be run; says why, without its place, which the caller adds.</summary>
internal sealed class LoweringException(string message) : Exception(message);
