using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.Npy;

/// <summary>An array as NumPy saves it: type, shape and elements in C (row-major) order.</summary>
public sealed class NpyArray
{
    /// <summary>An array over bytes that the caller will not change.</summary>
    /// <param name="type">Type of the elements: 8, 16, 32 or 64 bits, bool, or <see cref="ElementType.String"/>.</param>
    /// <param name="shape">Extents, outermost first; all known.</param>
    /// <param name="bytes">The elements, row-major, little-endian; of strings UTF-32, each padded with zeros to the same length.</param>
    /// <exception cref="ArgumentException">The number of bytes does not agree with type and shape.</exception>
    public NpyArray(ElementType type, Shape shape, ReadOnlyMemory<byte> bytes)
    {
        long count = shape.ElementCount;
        bool fits = type == ElementType.String
            ? count == 0 ? bytes.IsEmpty : bytes.Length % (count * NpyConstants.CodePointBytes) == 0
            : bytes.Length == type.ByteCount(count);
        if (!fits)
        {
            throw new ArgumentException($"{bytes.Length} bytes do not fit an array {type.Name()} {shape}.", nameof(bytes));
        }

        Type = type;
        Shape = shape;
        Bytes = bytes;
    }

    /// <summary>Type of the elements.</summary>
    public ElementType Type { get; }

    /// <summary>Extents, outermost first.</summary>
    public Shape Shape { get; }

    /// <summary>The elements, row-major; little-endian whatever the file's byte order was.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The same elements as a tensor, without a copy.</summary>
    /// <exception cref="InvalidOperationException">The array holds strings.</exception>
    public TensorData ToTensor() => Type != ElementType.String
        ? new TensorData(Type, Shape, Bytes)
        : throw new InvalidOperationException("An array of strings is no tensor.");

    /// <summary>The elements as float32; float64 and wide integers are rounded to nearest.</summary>
    /// <exception cref="InvalidOperationException">The array holds strings.</exception>
    public float[] ToFloat32() => ToTensor().ToFloat32();

    /// <summary>The elements as integers.</summary>
    /// <exception cref="InvalidOperationException">The array holds no integers.</exception>
    /// <exception cref="OverflowException">A value does not fit in 32 bits.</exception>
    public int[] ToInt32() => ToTensor().ToInt32();

    /// <summary>The elements as float64; exact from every type but 64-bit integers, which are rounded to nearest.</summary>
    /// <exception cref="InvalidOperationException">The array holds strings.</exception>
    public double[] ToFloat64()
    {
        switch (Type)
        {
            case ElementType.Float64: return MemoryMarshal.Cast<byte, double>(Bytes.Span).ToArray();
            case ElementType.Int64: return Array.ConvertAll(MemoryMarshal.Cast<byte, long>(Bytes.Span).ToArray(), value => (double)value);
            case ElementType.UInt64: return Array.ConvertAll(MemoryMarshal.Cast<byte, ulong>(Bytes.Span).ToArray(), value => (double)value);
            case ElementType.Int32: return Array.ConvertAll(MemoryMarshal.Cast<byte, int>(Bytes.Span).ToArray(), value => (double)value);
            case ElementType.UInt32: return Array.ConvertAll(MemoryMarshal.Cast<byte, uint>(Bytes.Span).ToArray(), value => (double)value);
            default: return Array.ConvertAll(ToFloat32(), value => (double)value);
        }
    }

    /// <summary>The elements as text, without their padding.</summary>
    /// <exception cref="InvalidOperationException">The array holds no strings.</exception>
    public string[] ToStrings()
    {
        if (Type != ElementType.String)
        {
            throw new InvalidOperationException($"An array of {Type.Name()} holds no strings.");
        }

        string[] texts = new string[Shape.ElementCount];
        int width = texts.Length == 0 ? 0 : Bytes.Length / texts.Length;
        for (int i = 0; i < texts.Length; i++)
        {
            ReadOnlySpan<byte> element = Bytes.Span.Slice(i * width, width);
            while (element.Length > 0 && BinaryPrimitives.ReadUInt32LittleEndian(element[^NpyConstants.CodePointBytes..]) == 0)
            {
                element = element[..^NpyConstants.CodePointBytes];
            }

            texts[i] = Encoding.UTF32.GetString(element);
        }

        return texts;
    }
}
