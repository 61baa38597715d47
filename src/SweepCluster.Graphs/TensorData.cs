using System.Buffers.Binary;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using SweepCluster.Numerics.Packing;

namespace SweepCluster.Graphs;

/// <summary>A constant tensor: its type, its shape and its little-endian bytes in row-major order, sub-byte types packed least significant bit first.</summary>
public sealed class TensorData
{
    private const int CodesPerChunk = 128 * BitPacking.CodesPerStep; // so that every chunk starts at a byte

    /// <summary>A tensor over bytes that the caller will not change.</summary>
    /// <param name="type">Element type; not <see cref="ElementType.String"/>.</param>
    /// <param name="shape">Shape with every extent known.</param>
    /// <param name="bytes">Exactly <c>type.ByteCount(shape.ElementCount)</c> bytes.</param>
    /// <exception cref="ArgumentException">The number of bytes is another.</exception>
    public TensorData(ElementType type, Shape shape, ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length != type.ByteCount(shape.ElementCount))
        {
            throw new ArgumentException(
                $"A tensor {type.Name()} {shape} takes {type.ByteCount(shape.ElementCount)} bytes, found {bytes.Length}.", nameof(bytes));
        }

        Type = type;
        Shape = shape;
        Bytes = bytes;
    }

    /// <summary>Element type.</summary>
    public ElementType Type { get; }

    /// <summary>Shape; every extent is known.</summary>
    public Shape Shape { get; }

    /// <summary>The elements' bytes, row-major, little-endian.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>A float32 tensor holding a copy of the given values.</summary>
    public static TensorData FromFloat32(Shape shape, ReadOnlySpan<float> values) =>
        new(ElementType.Float32, shape, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>A float16 tensor; each value is rounded to nearest, ties to even.</summary>
    public static TensorData FromFloat16(Shape shape, ReadOnlySpan<float> values)
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(2 * values.Length);
        TensorPrimitives.ConvertToHalf(values, MemoryMarshal.Cast<byte, Half>(bytes.AsSpan()));
        return new(ElementType.Float16, shape, bytes);
    }

    /// <summary>A tensor of a floating-point type, rounded from float32.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="type"/> is neither float16 nor float32.</exception>
    public static TensorData FromFloats(ElementType type, Shape shape, ReadOnlySpan<float> values) => type switch
    {
        ElementType.Float32 => FromFloat32(shape, values),
        ElementType.Float16 => FromFloat16(shape, values),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Weights are float16 or float32."),
    };

    /// <summary>A tensor of integers of up to 16 bits, packed as the type needs.</summary>
    /// <param name="type">An integer type of at most 16 bits.</param>
    /// <param name="shape">The shape.</param>
    /// <param name="codes">One element a value, inside the type's range.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="type"/> is wider than 16 bits.</exception>
    public static TensorData FromCodes(ElementType type, Shape shape, ReadOnlySpan<int> codes)
    {
        byte[] bytes = new byte[type.ByteCount(codes.Length)];
        Pack(type, codes, bytes);
        return new(type, shape, bytes);
    }

    /// <summary>A tensor of float16, float32 or integers of at most 16 bits, from values that <see cref="ToFloat32()"/> may have given.</summary>
    /// <param name="type">The type; floating-point values are rounded to it.</param>
    /// <param name="shape">The shape.</param>
    /// <param name="values">One element a value; for an integer type whole numbers inside its range.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="type"/> is another one.</exception>
    public static TensorData FromValues(ElementType type, Shape shape, ReadOnlySpan<float> values)
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(checked((int)type.ByteCount(values.Length)));
        Store(type, values, bytes);
        return new(type, shape, bytes);
    }

    /// <summary>Stores values as the bytes of a tensor: what <see cref="FromValues"/> does, to where they shall be.</summary>
    /// <param name="type">As there.</param>
    /// <param name="values">As there.</param>
    /// <param name="bytes">Receives the type's bytes for so many values, the last byte filled up with zero bits.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="type"/> is another one.</exception>
    internal static void Store(ElementType type, ReadOnlySpan<float> values, Span<byte> bytes)
    {
        switch (type)
        {
            case ElementType.Float32:
                MemoryMarshal.AsBytes(values).CopyTo(bytes);
                break;
            case ElementType.Float16:
                TensorPrimitives.ConvertToHalf(values, MemoryMarshal.Cast<byte, Half>(bytes));
                break;
            case ElementType.Float64 or ElementType.BFloat16:
                throw new ArgumentOutOfRangeException(nameof(type), type, "Weights are float16 or float32.");
            default:
                Pack(type, values, bytes);
                break;
        }
    }

    /// <summary>Says that the bytes are not needed for now: those of a mapped file give their memory back, and are read again when they are asked for.</summary>
    public void Unload() => FileMemory.Unload(Bytes);

    /// <summary>The same bytes under another shape of as many elements.</summary>
    public TensorData Reshape(Shape shape) => new(Type, shape, Bytes);

    /// <summary>The elements as float32, one for each, row-major. Float16, bfloat16 and integers up to 24 bits convert exactly.</summary>
    public float[] ToFloat32()
    {
        float[] values = GC.AllocateUninitializedArray<float>(checked((int)Shape.ElementCount));
        ToFloat32(0, values);
        return values;
    }

    /// <summary>Some of the elements as float32, as <see cref="ToFloat32()"/> gives all of them.</summary>
    /// <param name="start">Index of the first, row-major.</param>
    /// <param name="values">Receives as many as it takes; no more than there are from <paramref name="start"/> on.</param>
    public void ToFloat32(int start, Span<float> values)
    {
        ReadOnlySpan<byte> bytes = Bytes.Span;
        switch (Type)
        {
            case ElementType.Float32:
                MemoryMarshal.Cast<byte, float>(bytes).Slice(start, values.Length).CopyTo(values);
                break;
            case ElementType.Float16:
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(bytes).Slice(start, values.Length), values);
                break;
            case var _ when Type.IsInteger() && Type.BitWidth() <= 16:
                CodesToFloat32(bytes, start, values);
                break;
            default:
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = Type switch
                    {
                        ElementType.Float64 => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes[(8 * (start + i))..]),
                        ElementType.BFloat16 => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * (start + i))..]) << 16),
                        _ => ReadInteger(start + i),
                    };
                }

                break;
        }
    }

    /// <summary>The elements as integers, one for each, row-major, sub-byte types unpacked.</summary>
    /// <exception cref="OverflowException">A value does not fit in 32 bits.</exception>
    /// <exception cref="InvalidOperationException">The tensor's type is no integer.</exception>
    public int[] ToInt32()
    {
        int[] values = new int[Shape.ElementCount];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = checked((int)ReadInteger(i));
        }

        return values;
    }

    private void CodesToFloat32(ReadOnlySpan<byte> bytes, int start, Span<float> values)
    {
        int bits = Type.BitWidth(), sign = Type.IsSigned() ? 1 << (bits - 1) : 0;
        Span<ushort> chunk = stackalloc ushort[CodesPerChunk];
        while (values.Length > 0)
        {
            int before = start % BitPacking.CodesPerStep, count = Math.Min(CodesPerChunk - before, values.Length); // those before share the first byte
            BitPacking.Unpack(bytes[(start / BitPacking.CodesPerStep * bits)..], bits, chunk[..(before + count)]);
            ReadOnlySpan<ushort> codes = chunk.Slice(before, count);
            for (int i = 0; i < codes.Length; i++)
            {
                values[i] = (codes[i] ^ sign) - sign;
            }

            start += count;
            values = values[count..];
        }
    }

    private static void Pack<T>(ElementType type, ReadOnlySpan<T> codes, Span<byte> bytes)
        where T : INumberBase<T>
    {
        int bits = type.BitWidth();
        Span<ushort> chunk = stackalloc ushort[CodesPerChunk];
        for (int done = 0; done < codes.Length; done += CodesPerChunk)
        {
            ReadOnlySpan<T> part = codes.Slice(done, Math.Min(CodesPerChunk, codes.Length - done));
            for (int i = 0; i < part.Length; i++)
            {
                chunk[i] = (ushort)int.CreateTruncating(part[i]);
            }

            BitPacking.Pack(chunk[..part.Length], bits, bytes[(done / BitPacking.CodesPerStep * bits)..]);
        }
    }

    private long ReadInteger(int index)
    {
        ReadOnlySpan<byte> bytes = Bytes.Span;
        switch (Type)
        {
            case ElementType.Bool: return bytes[index];
            case ElementType.Int32: return BinaryPrimitives.ReadInt32LittleEndian(bytes[(4 * index)..]);
            case ElementType.UInt32: return BinaryPrimitives.ReadUInt32LittleEndian(bytes[(4 * index)..]);
            case ElementType.Int64: return BinaryPrimitives.ReadInt64LittleEndian(bytes[(8 * index)..]);
            case ElementType.UInt64: return checked((long)BinaryPrimitives.ReadUInt64LittleEndian(bytes[(8 * index)..]));
            case var _ when Type.IsInteger():
                int bits = Type.BitWidth(), sign = Type.IsSigned() ? 1 << (bits - 1) : 0, word = 0;
                long bit = (long)index * bits;
                int at = (int)(bit >> 3);
                for (int part = 0; part < 3 && at + part < bytes.Length; part++)
                {
                    word |= bytes[at + part] << (8 * part);
                }

                return (((word >> (int)(bit & 7)) & ((1 << bits) - 1)) ^ sign) - sign;
            default: throw new InvalidOperationException($"A tensor of {Type.Name()} holds no integers.");
        }
    }
}
