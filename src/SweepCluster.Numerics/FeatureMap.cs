using SweepCluster.Numerics.Vectors;

namespace SweepCluster.Numerics;

/// <summary>
/// How one sample's channels, rows and columns lie in memory: blocks of <see cref="Lanes"/> channels, outermost first as
/// <c>[block][row][column][lane]</c>, with a margin of rows and columns around them that holds zeros.
/// </summary>
/// <param name="Channels">Channels, 1 or more. Lanes of the last block beyond them hold zeros or other finite values that nothing reads with a weight.</param>
/// <param name="Height">Rows, 1 or more, without the margin.</param>
/// <param name="Width">Columns, 1 or more, without the margin.</param>
/// <param name="Lanes">Channels side by side: 16 (blocked), or 1 (planar, as the input of a network).</param>
/// <param name="Top">Rows of zeros above.</param>
/// <param name="Left">Columns of zeros on the left.</param>
/// <param name="Bottom">Rows of zeros below.</param>
/// <param name="Right">Columns of zeros on the right.</param>
public readonly record struct FeatureMap(int Channels, int Height, int Width, int Lanes, int Top = 0, int Left = 0, int Bottom = 0, int Right = 0)
{
    /// <summary>Lanes of a blocked map.</summary>
    public const int BlockLanes = 16;

    /// <summary>Number of blocks.</summary>
    public int Blocks => ((Channels - 1) / Lanes) + 1;

    /// <summary>Floats from one row to the next.</summary>
    /// <exception cref="OverflowException">The map is not addressable.</exception>
    public int RowPitch => checked((Left + Width + Right) * Lanes);

    /// <summary>Floats from one block to the next.</summary>
    /// <exception cref="OverflowException">The map is not addressable.</exception>
    public int BlockPitch => checked((Top + Height + Bottom) * RowPitch);

    /// <summary>Floats of one sample, filled up to a whole cache line.</summary>
    /// <exception cref="OverflowException">The map is not addressable.</exception>
    public int SampleLength => checked(((Blocks * BlockPitch) + BlockLanes - 1) / BlockLanes * BlockLanes);

    /// <summary>Whether every number is in its range and memory can hold one sample. Only then does an offset within it fit an int; kernels refuse other maps.</summary>
    public bool IsAddressable => HasValidParts
        && (UInt128)((ulong)Left + (ulong)Width + (ulong)Right) * ((ulong)Top + (ulong)Height + (ulong)Bottom) * (ulong)Blocks * (ulong)Lanes <= (ulong)AlignedFloats.MaxLength - BlockLanes;

    /// <summary>Offset in floats of row 0, column 0 of the first block.</summary>
    public int Origin => (Top * RowPitch) + (Left * Lanes);

    /// <summary>Whether there is a margin.</summary>
    public bool HasMargin => (Top | Left | Bottom | Right) != 0;

    /// <summary>The same map without a margin.</summary>
    public FeatureMap WithoutMargin() => this with { Top = 0, Left = 0, Bottom = 0, Right = 0 };

    /// <summary>Offset in floats of one element within its sample.</summary>
    public int Offset(int channel, int row, int column) =>
        (channel / Lanes * BlockPitch) + Origin + (row * RowPitch) + (column * Lanes) + (channel % Lanes);

    /// <summary>Throws where <paramref name="length"/> floats do not hold <paramref name="samples"/> samples of this map.</summary>
    /// <exception cref="ArgumentException">They do not, or a number of the map is out of its range.</exception>
    /// <exception cref="OverflowException">The map is not addressable.</exception>
    public void Check(int length, int samples, string parameter)
    {
        if (!HasValidParts || samples < 0 || length < (long)SampleLength * samples)
        {
            throw new ArgumentException($"{samples} samples of {this} take {(long)SampleLength * samples} floats, found {length}.", parameter);
        }
    }

    // Extents of 1 or more, margins of 0 or more: no sign bit anywhere.
    private bool HasValidParts => ((Channels - 1) | (Height - 1) | (Width - 1) | Top | Left | Bottom | Right) >= 0 && Lanes is 1 or BlockLanes;
}
