using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Palettization.Tables;

/// <summary>Widths of an index.</summary>
internal static class PaletteWidth
{
    /// <summary>The fewest bits whose table holds some entries. Targets before iOS 18 have no indices of 3 bits; only neural networks have those of 5 and 7.</summary>
    /// <param name="entries">1 to 256.</param>
    /// <param name="arithmetic">The target's, as in <see cref="CompressOptions.Arithmetic"/>.</param>
    internal static int Smallest(int entries, DecodeArithmetic arithmetic) => entries switch
    {
        <= 2 => 1,
        <= 4 => 2,
        <= 8 when arithmetic != DecodeArithmetic.Float32 => 3,
        <= 16 => 4,
        <= 32 when arithmetic == DecodeArithmetic.ScaleAndBias => 5,
        <= 64 => 6,
        <= 128 when arithmetic == DecodeArithmetic.ScaleAndBias => 7,
        _ => 8,
    };
}
