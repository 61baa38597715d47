namespace SweepCluster.Numerics.Pooling;

/// <summary>Everything about a 2-D pooling but its numbers.</summary>
/// <param name="Input">The input's map, blocked. Its margin is not read.</param>
/// <param name="Output">The output's map, blocked, with as many channels.</param>
/// <param name="KernelHeight">Rows of the window.</param>
/// <param name="KernelWidth">Columns of the window.</param>
/// <param name="StrideY">Rows between two windows.</param>
/// <param name="StrideX">Columns between two windows.</param>
/// <param name="PadTop">Rows of padding above.</param>
/// <param name="PadLeft">Columns of padding on the left.</param>
/// <param name="PadBottom">Rows of padding below; counts only where an average includes padding.</param>
/// <param name="PadRight">Columns of padding on the right; counts only where an average includes padding.</param>
public sealed record PoolGeometry(
    FeatureMap Input,
    FeatureMap Output,
    int KernelHeight,
    int KernelWidth,
    int StrideY = 1,
    int StrideX = 1,
    int PadTop = 0,
    int PadLeft = 0,
    int PadBottom = 0,
    int PadRight = 0)
{
    /// <summary>Throws where the maps do not fit each other.</summary>
    /// <exception cref="ArgumentException">A number is out of its range, a map is not blocked, the channels differ, or a window holds no element of the input.</exception>
    public void Check()
    {
        bool fits = Input.IsAddressable && Output.IsAddressable
            && Input.Lanes == FeatureMap.BlockLanes && Output.Lanes == FeatureMap.BlockLanes && Input.Channels == Output.Channels
            && StrideY >= 1 && StrideX >= 1 && (PadTop | PadLeft | PadBottom | PadRight) >= 0 && PadTop < KernelHeight && PadLeft < KernelWidth
            && ((Output.Height - 1L) * StrideY) - PadTop < Input.Height && ((Output.Width - 1L) * StrideX) - PadLeft < Input.Width
            && (long)Input.Height + PadBottom + KernelHeight <= int.MaxValue && (long)Input.Width + PadRight + KernelWidth <= int.MaxValue;
        if (!fits)
        {
            throw new ArgumentException($"Input {Input} and output {Output} do not fit {this}.");
        }
    }
}
