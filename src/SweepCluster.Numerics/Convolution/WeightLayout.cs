namespace SweepCluster.Numerics.Convolution;

/// <summary>What decides where each value of a packed weight lies. Weights packed for one layout mean something else, or nothing, under another.</summary>
internal readonly record struct WeightLayout(ConvolutionKind Kind, int InputLanes, int GroupInputs, int GroupOutputs, int Groups, int KernelHeight, int KernelWidth)
{
    /// <summary>Floats that it takes, what is filled up included.</summary>
    /// <exception cref="OverflowException">More than 64 bits can count.</exception>
    public long Length
    {
        get
        {
            long taps = (long)KernelHeight * KernelWidth;
            return checked(Kind switch
            {
                ConvolutionKind.Direct => FillUp(GroupOutputs, FeatureMap.BlockLanes) * FillUp(GroupInputs, InputLanes) * taps * Groups,
                ConvolutionKind.Depthwise => FillUp(Groups, FeatureMap.BlockLanes) * taps,
                _ => (long)GroupOutputs * GroupInputs * taps * Groups,
            });
        }
    }

    private static long FillUp(int count, int multiple) => ((count - 1L) / multiple * multiple) + multiple;
}
