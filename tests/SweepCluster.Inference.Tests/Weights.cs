using SweepCluster.Graphs.Weights;

namespace SweepCluster.Inference.Tests;

/// <summary>Values of weights.</summary>
internal static class Weights
{
    public static ReadOnlyMemory<float> Dense(Weight weight) => ((DenseWeight)weight.Stored).Values.ToFloat32();

    /// <summary>The same weight a little off, as compression would leave it.</summary>
    public static ReadOnlyMemory<float> Rounded(Weight weight) => Array.ConvertAll(Dense(weight).ToArray(), value => MathF.Round(value * 16f) / 16f);
}
