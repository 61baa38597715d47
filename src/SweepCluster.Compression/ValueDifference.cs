using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using SweepCluster.Graphs;

namespace SweepCluster.Compression;

/// <summary>How far the values of one tensor are from those of another, element by element.</summary>
/// <param name="Elements">Number of elements.</param>
/// <param name="Error">Of the elements that are finite in both.</param>
/// <param name="Unlike">Elements that are not finite in one of them and something else in the other; NaN is like NaN, and infinity like infinity of the same sign.</param>
public sealed record ValueDifference(long Elements, WeightError Error, long Unlike)
{
    private const int ChunkElements = 1 << 12;

    /// <summary>Whether every value is the same number; 0 and -0 are.</summary>
    public bool IsExact => Unlike == 0 && Error.SquaredError == 0;

    /// <summary>Mean squared error; 0 without elements, infinite where elements are unlike.</summary>
    public double MeanSquaredError => Unlike > 0 ? double.PositiveInfinity : Elements == 0 ? 0 : Error.SquaredError / Elements;

    /// <summary>Signal to noise in decibel: infinite where nothing differs, negative infinity where elements are unlike, or where the first tensor is all zeros and the second is not.</summary>
    public double Sqnr => IsExact ? double.PositiveInfinity : Unlike > 0 ? double.NegativeInfinity : Error.Sqnr;

    /// <summary>Largest absolute difference; infinite where elements are unlike.</summary>
    public double MaxAbsolute => Unlike > 0 ? double.PositiveInfinity : Error.MaxAbsolute;

    /// <summary>Norm of the difference as a share of the first tensor's norm; 0 where nothing differs, infinite where elements are unlike or that norm is 0.</summary>
    public double Relative => IsExact ? 0 : Unlike > 0 ? double.PositiveInfinity : Math.Sqrt(Error.SquaredError / Error.SquaredNorm);

    /// <summary>Compares two tensors.</summary>
    /// <param name="first">The signal; float16 or float32.</param>
    /// <param name="second">As many elements; float16 or float32, whichever the first is.</param>
    /// <exception cref="ArgumentException">They have another number of elements, or another type.</exception>
    /// <remarks>In double precision, whatever the types: both are float32 numbers exactly. Goes through the values in pieces and allocates none of their size.</remarks>
    public static ValueDifference Measure(TensorData first, TensorData second)
    {
        if (first.Shape.ElementCount != second.Shape.ElementCount)
        {
            throw new ArgumentException($"Found {second.Shape.ElementCount} values, expected {first.Shape.ElementCount}.", nameof(second));
        }

        Span<float> left = stackalloc float[ChunkElements], right = stackalloc float[ChunkElements];
        double error = 0, norm = 0, largest = 0;
        long unlike = 0, count = first.Shape.ElementCount;
        for (long start = 0; start < count; start += ChunkElements)
        {
            int length = (int)Math.Min(ChunkElements, count - start);
            Read(first, start, left[..length]);
            Read(second, start, right[..length]);
            WeightError part = WeightError.Measure(left[..length], right[..length]);
            if (!double.IsFinite(part.SquaredError) || !double.IsFinite(part.SquaredNorm))
            {
                unlike += TakeOut(left[..length], right[..length]);
                part = WeightError.Measure(left[..length], right[..length]);
            }

            error += part.SquaredError;
            norm += part.SquaredNorm;
            largest = Math.Max(largest, part.MaxAbsolute);
        }

        return new ValueDifference(count, new WeightError(error, norm, largest), unlike);
    }

    // Puts 0 wherever either is not finite; counts those that are unlike.
    private static long TakeOut(Span<float> left, Span<float> right)
    {
        long unlike = 0;
        for (int i = 0; i < left.Length; i++)
        {
            if (!float.IsFinite(left[i]) || !float.IsFinite(right[i]))
            {
                unlike += left[i].Equals(right[i]) ? 0 : 1;
                left[i] = right[i] = 0;
            }
        }

        return unlike;
    }

    private static void Read(TensorData data, long start, Span<float> values)
    {
        ReadOnlySpan<byte> bytes = data.Bytes.Span;
        switch (data.Type)
        {
            case ElementType.Float32:
                MemoryMarshal.Cast<byte, float>(bytes).Slice((int)start, values.Length).CopyTo(values);
                break;
            case ElementType.Float16:
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(bytes).Slice((int)start, values.Length), values);
                break;
            default:
                throw new ArgumentException($"A tensor of {data.Type.Name()} is no weight.", nameof(data));
        }
    }
}
