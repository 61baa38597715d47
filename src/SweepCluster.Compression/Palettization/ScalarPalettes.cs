using System.Buffers;
using SweepCluster.Compression.Palettization.Tables;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;
using SweepCluster.Numerics.Packing;

namespace SweepCluster.Compression.Palettization;

/// <summary>The palettes of the least squared error of one weight, one for each of its groups, and the indices of all elements into them.</summary>
/// <remarks>Groups are spread over threads. Each writes its own entries and indices, so that the result does not depend on the threads.</remarks>
internal sealed class ScalarPalettes
{
    // Codes that are packed at a time; a multiple of 8, which start at a byte at any width.
    private const int Chunk = 4096;

    // Shorter runs are gathered first: vectors have to be filled.
    private const int ShortestRun = 256;

    // From here on a table of all float16 values is filled sooner than each element is searched for.
    private const int TableFrom = 2048;

    private readonly PreparedWeight _weight;
    private readonly WeightGroups _groups;
    private readonly int _bits;
    private readonly int _size;
    private readonly float[] _entries;
    private readonly byte[] _packed;
    private readonly byte[]? _codes;

    private ScalarPalettes(PreparedWeight weight, WeightGroups groups, int bits)
    {
        _weight = weight;
        _groups = groups;
        _bits = bits;
        _size = 1 << bits;
        _entries = new float[groups.Count * _size];
        _packed = new byte[BitPacking.PackedLength(groups.Runs.ElementCount, bits)];
        bool isPackedAsOne = groups.Count > 1 && (groups.Runs.RunLength % 8 != 0 || groups.Runs.RunLength < ShortestRun);
        _codes = isPackedAsOne ? ArrayPool<byte>.Shared.Rent(groups.Runs.ElementCount) : null;
    }

    internal static PalettizedWeight Find(PreparedWeight weight, WeightGroups groups, int bits, int threads, CancellationToken cancellationToken)
    {
        ScalarPalettes palettes = new(weight, groups, bits);
        palettes.FindAll(threads, cancellationToken);
        Weight source = weight.Source;
        return new PalettizedWeight(
            source.Shape,
            new TensorData(ElementTypes.UnsignedOf(bits), source.Shape, palettes._packed),
            TensorData.FromFloats(source.Type, PaletteLayout.TableShape(source, groups.Count, bits, vectorLength: 1), palettes._entries));
    }

    private void FindAll(int threads, CancellationToken cancellationToken)
    {
        new ParallelLoop(threads, cancellationToken).Run(_groups.Count, group => FindOne(group, cancellationToken));
        if (_codes is not null)
        {
            BitPacking.Pack(_codes.AsSpan(0, _groups.Runs.ElementCount), _bits, _packed);
            ArrayPool<byte>.Shared.Return(_codes);
        }
    }

    private void FindOne(int group, CancellationToken cancellationToken)
    {
        ElementType type = _weight.Source.Type;
        Palette palette = Palette.Find(_groups[group], _size, type, cancellationToken);
        palette.Entries.CopyTo(_entries, group * _size);
        if (type == ElementType.Float32)
        {
            float[] bounds = PaletteBounds.OfSingles(palette.Entries, _size);
            Encode(group, _weight.Values.Span, (values, codes) => PaletteCoder.Encode(values, bounds, codes));
            return;
        }

        short[] keys = PaletteBounds.OfHalves(palette.Entries, _size);
        if (PaletteCoder.HasVectors(_size) || _groups.Size < TableFrom)
        {
            Encode(group, _weight.Halves, (values, codes) => PaletteCoder.Encode(values, keys, codes));
            return;
        }

        byte[] codeOfBits = ArrayPool<byte>.Shared.Rent(PaletteCoder.TableLength);
        PaletteCoder.FillTable(keys, codeOfBits);
        Encode(group, _weight.Halves, (values, codes) => PaletteCoder.Encode(values, codeOfBits, codes));
        ArrayPool<byte>.Shared.Return(codeOfBits);
    }

    private void Encode<T>(int group, ReadOnlySpan<T> values, Encoder<T> encode)
    {
        int length = _groups.Runs.RunLength;
        if (_codes is null)
        {
            Span<byte> chunk = stackalloc byte[Chunk];
            foreach (int start in _groups.RunStarts(group))
            {
                for (int done = 0; done < length; done += Chunk)
                {
                    ReadOnlySpan<T> part = values.Slice(start + done, Math.Min(Chunk, length - done));
                    encode(part, chunk);
                    long at = (long)(start + done) / 8 * _bits;
                    BitPacking.Pack(chunk[..part.Length], _bits, _packed.AsSpan((int)at, (int)BitPacking.PackedLength(part.Length, _bits)));
                }
            }
        }
        else if (length >= ShortestRun)
        {
            foreach (int start in _groups.RunStarts(group))
            {
                encode(values.Slice(start, length), _codes.AsSpan(start, length));
            }
        }
        else
        {
            ReadOnlySpan<T> gathered = _groups.Gather(values, group, out T[]? rented);
            byte[] codes = ArrayPool<byte>.Shared.Rent(gathered.Length);
            encode(gathered, codes);
            int at = 0;
            foreach (int start in _groups.RunStarts(group))
            {
                codes.AsSpan(at, length).CopyTo(_codes.AsSpan(start));
                at += length;
            }

            ArrayPool<byte>.Shared.Return(codes);
            WeightGroups.Return(rented);
        }
    }

    private delegate void Encoder<T>(ReadOnlySpan<T> values, Span<byte> codes);
}
