namespace SweepCluster.Numerics.Convolution;

/// <summary>Everything about a 2-D convolution but its numbers.</summary>
/// <param name="Input">The input's map: planar or blocked, with margins of at least the padding.</param>
/// <param name="Output">The output's map, blocked.</param>
/// <param name="KernelHeight">Rows of the kernel.</param>
/// <param name="KernelWidth">Columns of the kernel.</param>
/// <param name="StrideY">Rows between two outputs.</param>
/// <param name="StrideX">Columns between two outputs.</param>
/// <param name="DilationY">Rows between two taps.</param>
/// <param name="DilationX">Columns between two taps.</param>
/// <param name="PadTop">Rows of zeros above.</param>
/// <param name="PadLeft">Columns of zeros on the left.</param>
/// <param name="Groups">Groups; both channel counts are multiples of it.</param>
public sealed record ConvolutionGeometry(
    FeatureMap Input,
    FeatureMap Output,
    int KernelHeight,
    int KernelWidth,
    int StrideY = 1,
    int StrideX = 1,
    int DilationY = 1,
    int DilationX = 1,
    int PadTop = 0,
    int PadLeft = 0,
    int Groups = 1)
{
    /// <summary>Input channels that one output channel reads.</summary>
    public int GroupInputs => Input.Channels / Groups;

    /// <summary>Output channels of one group.</summary>
    public int GroupOutputs => Output.Channels / Groups;

    /// <summary>Values of a weight <c>[O, I / groups, kh, kw]</c>.</summary>
    public long WeightCount => (long)Output.Channels * GroupInputs * KernelHeight * KernelWidth;

    /// <summary>Floats of a packed weight, what is filled up included.</summary>
    /// <exception cref="OverflowException">More than 64 bits can count.</exception>
    public long PackedWeightCount => WeightLayout.Length;

    /// <summary>Multiplications for one sample, on the numbers that are really there.</summary>
    public long MultiplyAdds => WeightCount * Output.Height * Output.Width;

    /// <summary>How it is computed. Depends on the shape alone, never on machine, threads or batch.</summary>
    internal ConvolutionKind Kind =>
        Groups == 1 ? ConvolutionKind.Direct
        : Input.Lanes == FeatureMap.BlockLanes && GroupInputs == 1 && GroupOutputs == 1 ? ConvolutionKind.Depthwise
        : Input.Lanes == FeatureMap.BlockLanes && GroupInputs % FeatureMap.BlockLanes == 0 && GroupOutputs % FeatureMap.BlockLanes == 0 ? ConvolutionKind.Direct
        : ConvolutionKind.Grouped;

    /// <summary>What decides where each value of a packed weight lies.</summary>
    internal WeightLayout WeightLayout => new(Kind, Input.Lanes, GroupInputs, GroupOutputs, Groups, KernelHeight, KernelWidth);

    /// <summary>Offset in floats, from the start of a sample, of the first tap of output row 0, column 0, in the first block.</summary>
    internal int FirstTap => Input.Origin - (PadTop * Input.RowPitch) - (PadLeft * Input.Lanes);

    /// <summary>Throws where the maps do not fit each other.</summary>
    /// <exception cref="ArgumentException">A number is out of its range, the output is not blocked, the groups do not divide the channels, or the input's margin is smaller than what the taps reach.</exception>
    public void Check()
    {
        long lastRow = ((Output.Height - 1L) * StrideY) + ((KernelHeight - 1L) * DilationY) - PadTop;
        long lastColumn = ((Output.Width - 1L) * StrideX) + ((KernelWidth - 1L) * DilationX) - PadLeft;
        bool fits = Input.IsAddressable && Output.IsAddressable && Output.Lanes == FeatureMap.BlockLanes
            && KernelHeight >= 1 && KernelWidth >= 1 && StrideY >= 1 && StrideX >= 1 && DilationY >= 1 && DilationX >= 1 && PadTop >= 0 && PadLeft >= 0
            && Groups >= 1 && Input.Channels % Groups == 0 && Output.Channels % Groups == 0
            && PadTop <= Input.Top && PadLeft <= Input.Left
            && lastRow < (long)Input.Height + Input.Bottom && lastColumn < (long)Input.Width + Input.Right;
        if (!fits)
        {
            throw new ArgumentException($"Input {Input} and output {Output} do not fit {this}.");
        }
    }
}
