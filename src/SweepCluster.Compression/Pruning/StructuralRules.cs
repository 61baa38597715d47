using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Pruning;

/// <summary>Which weights can take blocks, n:m patterns and whole channels.</summary>
/// <remarks>As the reference: only kernels of convolutions and matrices of linear layers, and runs of at most half the channels.</remarks>
internal static class StructuralRules
{
    // The norms of blocks are as many float32 numbers as there are elements, in one array.
    private const int MostBlockElements = int.MaxValue / sizeof(float);

    internal static string? Refuses(Weight weight, PruneScheme scheme) => scheme switch
    {
        MagnitudePruneScheme { Channels: true } channels => RefusesChannels(weight, channels),
        MagnitudePruneScheme { BlockSize: > 0 } blocks => RefusesUse(weight, "blocks of channels are")
            ?? RefusesRun(weight, "block size", blocks.BlockSize, blocks.Dim)
            ?? (weight.Shape.ElementCount > MostBlockElements ? $"it has {weight.Shape.ElementCount} elements, more than the {MostBlockElements} that blocks can be judged of" : null),
        PatternPruneScheme pattern => RefusesUse(weight, "n:m patterns are") ?? RefusesRun(weight, "m =", pattern.M, pattern.Dim),
        _ => null,
    };

    internal static int AxisOf(Weight weight, int dim) => dim == 0 ? weight.OutputAxis : weight.InputAxis;

    private static string? RefusesUse(Weight weight, string what)
    {
        foreach (WeightUse use in weight.Uses)
        {
            if (use is not { OpType: "conv" or "linear", Input: "weight" })
            {
                return $"{what} for the weights of conv and linear, it is the {use.Input} of {use.OpType}";
            }
        }

        return null;
    }

    private static string? RefusesRun(Weight weight, string what, int length, int dim)
    {
        int channels = weight.Shape[AxisOf(weight, dim)];
        return 2L * length > channels ? $"{what} {length} is more than half of {channels} {(dim == 0 ? "output" : "input")} channels" : null;
    }

    private static string? RefusesChannels(Weight weight, MagnitudePruneScheme scheme)
    {
        int channels = weight.Shape[weight.OutputAxis];
        return MagnitudePercentile.FloorOf(scheme.TargetSparsity, channels) == 0
            ? FormattableString.Invariant($"{scheme.TargetSparsity} of {channels} output channels is less than one channel")
            : null;
    }
}
