using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;
using SweepCluster.Numerics.Packing;

namespace SweepCluster.Compression.Palettization.Tables;

/// <summary>Puts tables and codes into the stored form.</summary>
internal static class PaletteLayout
{
    /// <summary>Shape of a table: groups on the output axis, entries, vector length.</summary>
    internal static Shape TableShape(Weight weight, int groups, int bits, int vectorLength)
    {
        int[] extents = [.. BlockRuns.Ones(weight.Shape), 1 << bits, vectorLength];
        extents[weight.OutputAxis] = groups;
        return new(extents);
    }

    /// <summary>One table after the other, each filled up with zeros.</summary>
    internal static TensorData Table(ElementType type, Shape shape, float[][] tables)
    {
        int size = shape[shape.Rank - 2] * shape[shape.Rank - 1];
        float[] all = new float[tables.Length * size];
        for (int group = 0; group < tables.Length; group++)
        {
            tables[group].CopyTo(all, group * size);
        }

        return TensorData.FromFloats(type, shape, all);
    }

    /// <summary>The stored form.</summary>
    /// <param name="weight">The weight.</param>
    /// <param name="codes">One code an index, row-major over the indices' shape.</param>
    /// <param name="table">The tables.</param>
    /// <param name="scales">One scale for each output channel, or null.</param>
    internal static PalettizedWeight Pack(Weight weight, ReadOnlySpan<byte> codes, PaletteTable table, float[]? scales)
    {
        int bits = System.Numerics.BitOperations.Log2((uint)table.Shape[weight.Shape.Rank]), vectorLength = table.Shape[weight.Shape.Rank + 1];
        int[] extents = [.. weight.Shape.Extents];
        extents[weight.OutputAxis] /= vectorLength;
        ElementType type = ElementTypes.UnsignedOf(bits);
        byte[] packed = new byte[type.ByteCount(codes.Length)];
        BitPacking.Pack(codes, bits, packed);
        return new(
            weight.Shape,
            new TensorData(type, new Shape(extents), packed),
            table,
            vectorLength == 1 ? null : weight.OutputAxis,
            scales is null ? null : TensorData.FromFloats(weight.Type, ScaleShape(weight), scales));
    }

    private static Shape ScaleShape(Weight weight)
    {
        int[] extents = BlockRuns.Ones(weight.Shape);
        extents[weight.OutputAxis] = weight.Shape[weight.OutputAxis];
        return new(extents);
    }
}
