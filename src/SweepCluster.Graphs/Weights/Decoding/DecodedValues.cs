using SweepCluster.Numerics.Packing;

namespace SweepCluster.Graphs.Weights.Decoding;

/// <summary>The values that a device computes from a stored weight, any part of them when it is asked for. What it needs beside the weight does not grow with it.</summary>
/// <remarks>Every value depends on its place alone: whichever parts are asked for, their bits are the same. One thread at a time.</remarks>
/// <param name="type">Type of the values.</param>
/// <param name="count">How many there are.</param>
internal abstract class DecodedValues(ElementType type, int count)
{
    /// <summary>Values that are decoded at once: what they need stays in the nearest cache.</summary>
    protected const int ChunkElements = 8192;

    /// <summary>Values that take whole bytes, whatever their type: what is stored can be read from every multiple of this on.</summary>
    internal const int Step = BitPacking.CodesPerStep;

    /// <summary>Type of the values.</summary>
    internal ElementType Type => type;

    /// <summary>How many there are.</summary>
    internal int Count => count;

    /// <summary>Room for what a chunk is decoded from, and for what stands before it in a shared byte.</summary>
    protected int RoomForChunk => Math.Min(ChunkElements, count) + Step;

    /// <summary>The values of a stored weight.</summary>
    /// <exception cref="BadInputException">As <see cref="Decompressor.ToFloat32"/>.</exception>
    internal static DecodedValues Of(CompressedWeight weight)
    {
        int count = CountOf(weight.Shape);
        return weight switch
        {
            DenseWeight dense => new DenseValues(dense.Values, dense.Type, count),
            PalettizedWeight { VectorLength: 1 } palettized => new PaletteValues(palettized, count),
            PalettizedWeight palettized => new VectorValues(palettized, count),
            QuantizedWeight quantized => new QuantizedValues(quantized, count),
            SparseWeight sparse => new SparseValues(sparse, count),
            SparsePalettizedWeight sparse when sparse.Table.Shape[sparse.Shape.Rank + 1] == 1 => new SparsePaletteValues(sparse, count),
            SparsePalettizedWeight sparse => new VectorValues(sparse, count),
            SparseQuantizedWeight sparse => new SparseQuantizedValues(sparse, count),
            _ => throw new ArgumentException($"No decoder knows the form {weight.GetType().Name}.", nameof(weight)),
        };
    }

    /// <summary>The entries of a table.</summary>
    internal static DecodedValues Of(PaletteTable table) => table.Codes is { } codes ? Of(codes) : Of(table.Entries);

    /// <summary>The elements of a tensor as float32.</summary>
    internal static DecodedValues Of(TensorData data) => new DenseValues(data, data.Type, CountOf(data.Shape));

    /// <summary>Decodes some values as float32.</summary>
    /// <param name="start">Index of the first, row-major.</param>
    /// <param name="values">Receives as many as it takes.</param>
    internal void Read(int start, Span<float> values)
    {
        if (start % Step != 0)
        {
            int before = start % Step;
            Span<float> around = stackalloc float[Step];
            around = around[..Math.Min(Step, count - (start - before))];
            Decode(start - before, around);
            ReadOnlySpan<float> head = around[before..];
            head = head[..Math.Min(head.Length, values.Length)];
            head.CopyTo(values);
            start += head.Length;
            values = values[head.Length..];
        }

        for (int done = 0; done < values.Length; done += ChunkElements)
        {
            Decode(start + done, values.Slice(done, Math.Min(ChunkElements, values.Length - done)));
        }
    }

    /// <summary>Decodes some values in their own type.</summary>
    /// <param name="start">Index of the first, row-major; a multiple of <see cref="Step"/>.</param>
    /// <param name="length">How many: a multiple of <see cref="Step"/>, or all that are left.</param>
    /// <param name="bytes">Receives the type's bytes for so many.</param>
    /// <exception cref="ArgumentOutOfRangeException">The type is none of float16, float32 and integers of at most 16 bits.</exception>
    internal virtual void ReadStored(int start, int length, Span<byte> bytes)
    {
        Span<float> values = new float[Math.Min(ChunkElements, length)];
        for (int done = 0; done < length; done += ChunkElements)
        {
            Span<float> part = values[..Math.Min(ChunkElements, length - done)];
            Decode(start + done, part);
            TensorData.Store(type, part, bytes[(int)type.ByteCount(done)..]);
        }
    }

    /// <summary>Decodes some values.</summary>
    /// <param name="start">Index of the first; a multiple of <see cref="Step"/>.</param>
    /// <param name="values">Receives as many as it takes, at most <see cref="ChunkElements"/>.</param>
    protected abstract void Decode(int start, Span<float> values);

    /// <summary>How many elements a tensor has.</summary>
    /// <exception cref="BadInputException">More than can be decoded.</exception>
    protected static int CountOf(Shape shape) => shape.ElementCount <= Array.MaxLength
        ? (int)shape.ElementCount
        : throw new BadInputException($"compressed weight {shape}: found {shape.ElementCount} elements, expected at most {Array.MaxLength}, which can be decoded at once.");
}
