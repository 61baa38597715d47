using SweepCluster.Compression.Palettization.Tables;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;
using SweepCluster.Numerics.Packing;
using SweepCluster.Numerics.Sparsity;

namespace SweepCluster.Compression.Joint;

/// <summary>Palettes for what is left of a pruned weight, one for the tensor or one for each group of output channels.</summary>
/// <remarks>What is left of each group is palettized as a weight of its own, by whatever mode the scheme has. A group of which nothing is left has a table of zeros.
/// Where the values decide on the width (unique), it is that of the group that needs most; entries beyond a group's own are 0.</remarks>
internal sealed class SparsePalettization
{
    private readonly PreparedWeight _weight;
    private readonly SparseWeight _pruned;
    private readonly PalettizeScheme _scheme;
    private readonly ICompressor _palettization;
    private readonly BlockRuns _runs;
    private readonly int _size; // bytes of a value

    internal SparsePalettization(PreparedWeight weight, SparseWeight pruned, PalettizeScheme scheme, ICompressor palettization)
    {
        Shape shape = weight.Source.Shape;
        _weight = weight;
        _pruned = pruned;
        _scheme = scheme;
        _palettization = palettization;
        _runs = scheme.GroupSize == 0 ? BlockRuns.Whole(shape) : BlockRuns.Along(shape, weight.Source.OutputAxis, scheme.GroupSize);
        _size = weight.Source.Type.BitWidth() / 8;
    }

    internal SparsePalettizedWeight Compress(CompressOptions options, CancellationToken cancellationToken)
    {
        (byte[][] values, float[][] importances) = Split();
        PalettizedWeight?[] groups = new PalettizedWeight?[_runs.BlockCount];
        CompressOptions inner = groups.Length == 1 ? options : options with { Threads = 1 };
        new ParallelLoop(options.Threads, cancellationToken).Run(
            groups.Length, group => groups[group] = values[group].Length == 0 ? null : Palettize(values[group], importances[group], inner, cancellationToken));
        int bits = groups.Max(group => group?.Bits ?? 0);
        return new SparsePalettizedWeight(_weight.Source.Shape, _pruned.Mask, Indices(groups, bits), Table(groups, bits));
    }

    private PalettizedWeight Palettize(byte[] values, float[] importances, CompressOptions options, CancellationToken cancellationToken)
    {
        Weight source = _weight.Source;
        TensorData stored = new(source.Type, new Shape(1, values.Length / _size), values);
        Weight weight = new(source.Name, new DenseWeight(source.Type, stored), source.Uses, 0, 1);
        bool anyImportance = Array.Exists(importances, importance => importance > 0); // where none counts, all count the same
        PreparedWeight prepared = new(weight, anyImportance ? importances : default(ReadOnlyMemory<float>));
        return (PalettizedWeight)_palettization.Compress(prepared, _scheme with { GroupSize = 0 }, options, cancellationToken);
    }

    // What is left of each group, in order, with its importances.
    private (byte[][] Values, float[][] Importances) Split()
    {
        int[] counts = new int[_runs.BlockCount];
        foreach ((int start, int group) in _runs)
        {
            counts[group] += Ones(start, _runs.RunLength);
        }

        byte[][] values = Array.ConvertAll(counts, count => new byte[count * _size]);
        float[][] importances = Array.ConvertAll(counts, count => new float[_weight.Importances.IsEmpty ? 0 : count]);
        int[] filled = new int[counts.Length];
        ReadOnlySpan<byte> kept = _pruned.Values.Bytes.Span;
        int next = 0;
        foreach ((int start, int group) in _runs)
        {
            int ones = Ones(start, _runs.RunLength);
            kept.Slice(next * _size, ones * _size).CopyTo(values[group].AsSpan(filled[group] * _size));
            for (int i = start, at = filled[group]; importances[group].Length > 0 && i < start + _runs.RunLength; i++)
            {
                if (IsSet(i))
                {
                    importances[group][at++] = _weight.Importances.Span[i];
                }
            }

            next += ones;
            filled[group] += ones;
        }

        return (values, importances);
    }

    // The indices of all groups in the order of the elements.
    private TensorData Indices(PalettizedWeight?[] groups, int bits)
    {
        byte[][] codes = Array.ConvertAll(groups, Unpacked);
        byte[] all = new byte[_pruned.Values.Shape[0]];
        int[] taken = new int[groups.Length];
        int next = 0;
        foreach ((int start, int group) in _runs)
        {
            int ones = Ones(start, _runs.RunLength);
            codes[group].AsSpan(taken[group], ones).CopyTo(all.AsSpan(next));
            next += ones;
            taken[group] += ones;
        }

        ElementType type = ElementTypes.UnsignedOf(bits);
        byte[] packed = new byte[type.ByteCount(all.Length)];
        BitPacking.Pack(all, bits, packed);
        return new TensorData(type, new Shape(all.Length), packed);
    }

    private static byte[] Unpacked(PalettizedWeight? group)
    {
        byte[] codes = new byte[group?.Indices.Shape.ElementCount ?? 0];
        if (group is not null)
        {
            BitPacking.Unpack(group.Indices.Bytes.Span, group.Bits, codes);
        }

        return codes;
    }

    private PaletteTable Table(PalettizedWeight?[] groups, int bits)
    {
        PaletteTable some = groups.First(group => group is not null)!.Table;
        TensorData entries = Joined(groups, some.Entries.Type, TableShape(bits), group => group.Table.Entries, group => Padding(group, some.Entries.Type));
        if (some.Scales is null)
        {
            return entries;
        }

        // 8-bit tables: a scale for each group, 1 where nothing is left.
        Shape shape = TableShape(0);
        TensorData one = TensorData.FromFloats(some.Scales.Type, new Shape(1), [1f]);
        return new PaletteTable(
            entries,
            Joined(groups, some.Scales.Type, shape, group => group.Table.Scales!, _ => one.Bytes.ToArray()),
            some.ZeroPoints is null ? null : Joined(groups, some.ZeroPoints.Type, shape, group => group.Table.ZeroPoints!, _ => [0]));
    }

    private Shape TableShape(int bits) => PaletteLayout.TableShape(_weight.Source, _runs.BlockCount, bits, vectorLength: 1);

    // What unused entries of a group hold: the bytes of 0, which is the zero point in a table of codes.
    private static byte[] Padding(PalettizedWeight? group, ElementType type) =>
        group?.Table.ZeroPoints is { } zero ? [.. zero.Bytes.Span[..1]] : new byte[type.BitWidth() / 8];

    private static TensorData Joined(PalettizedWeight?[] groups, ElementType type, Shape shape, Func<PalettizedWeight, TensorData> part, Func<PalettizedWeight?, byte[]> padding)
    {
        byte[] bytes = new byte[type.ByteCount(shape.ElementCount)];
        int share = bytes.Length / groups.Length;
        for (int group = 0; group < groups.Length; group++)
        {
            ReadOnlySpan<byte> own = groups[group] is { } found ? part(found).Bytes.Span : [];
            Span<byte> to = bytes.AsSpan(group * share, share);
            own.CopyTo(to);
            byte[] rest = own.Length < share ? padding(groups[group]) : [];
            for (int at = own.Length; at < share; at += rest.Length)
            {
                rest.CopyTo(to[at..]);
            }
        }

        return new TensorData(type, shape, bytes);
    }

    private int Ones(int start, int length) => SparsePacking.Ones(_pruned.Mask.Bytes.Span, start, length);

    private bool IsSet(int element) => (_pruned.Mask.Bytes.Span[element >> 3] >> (element & 7) & 1) != 0;
}
