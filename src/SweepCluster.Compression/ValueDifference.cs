using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression;

/// <summary>How far the values of one weight are from those of another, element by element.</summary>
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

    /// <summary>Compares two weights, piece by piece.</summary>
    /// <param name="first">The signal; any stored form.</param>
    /// <param name="second">As many elements; any stored form.</param>
    /// <exception cref="ArgumentException">They have another number of elements.</exception>
    /// <exception cref="BadInputException">One of them cannot be decoded.</exception>
    /// <remarks>In double precision, whatever the types: all are float32 numbers exactly. What it takes does not grow with the weights.</remarks>
    public static ValueDifference Measure(CompressedWeight first, CompressedWeight second)
    {
        long count = first.Shape.ElementCount;
        if (count != second.Shape.ElementCount)
        {
            throw new ArgumentException($"Found {second.Shape.ElementCount} values, expected {count}.", nameof(second));
        }

        Span<float> left = stackalloc float[ChunkElements], right = stackalloc float[ChunkElements];
        double error = 0, norm = 0, largest = 0;
        long unlike = 0;
        foreach ((ReadOnlyMemory<float> before, ReadOnlyMemory<float> after) in Decompressor.Pieces(first).Zip(Decompressor.Pieces(second)))
        {
            for (int start = 0; start < before.Length; start += ChunkElements) // summed chunk by chunk, of which every piece but the last has whole ones
            {
                int length = Math.Min(ChunkElements, before.Length - start);
                before.Span.Slice(start, length).CopyTo(left);
                after.Span.Slice(start, length).CopyTo(right);
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
}
