using System.Runtime.Intrinsics;
using System.Runtime.InteropServices;

namespace SweepCluster.Compression;

/// <summary>How far a compressed weight is from its source.</summary>
/// <param name="SquaredError">Sum of squared differences, in squared weight units.</param>
/// <param name="SquaredNorm">Sum of the source's squares.</param>
/// <param name="MaxAbsolute">Largest absolute difference, in weight units.</param>
public sealed record WeightError(double SquaredError, double SquaredNorm, double MaxAbsolute)
{
    /// <summary>Signal to quantization noise in decibel: <c>10 log10(SquaredNorm / SquaredError)</c>. Infinite where nothing was lost.</summary>
    public double Sqnr => SquaredError == 0 ? double.PositiveInfinity : 10 * Math.Log10(SquaredNorm / SquaredError);

    /// <summary>Measures a decompressed weight against its source.</summary>
    /// <param name="source">Values before compression.</param>
    /// <param name="decompressed">Values that the device will see, as many.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    /// <remarks>Sums in double precision, eight partial sums (element i into sum i mod 8) that are added in order at the end: the same bits on every machine. Allocates nothing.</remarks>
    public static WeightError Measure(ReadOnlySpan<float> source, ReadOnlySpan<float> decompressed)
    {
        if (source.Length != decompressed.Length)
        {
            throw new ArgumentException($"Found {decompressed.Length} values, expected {source.Length}.", nameof(decompressed));
        }

        Vector512<double> errors = default, norms = default, largest = default;
        ref float left = ref MemoryMarshal.GetReference(source);
        ref float right = ref MemoryMarshal.GetReference(decompressed);
        int i = 0;
        for (; i + 8 <= source.Length; i += 8)
        {
            Accumulate(Widen(Vector256.LoadUnsafe(ref left, (nuint)i)), Widen(Vector256.LoadUnsafe(ref right, (nuint)i)), ref errors, ref norms, ref largest);
        }

        if (i < source.Length)
        {
            Span<float> tail = stackalloc float[16];
            source[i..].CopyTo(tail);
            decompressed[i..].CopyTo(tail[8..]);
            Accumulate(Widen(Vector256.Create<float>(tail)), Widen(Vector256.Create<float>(tail[8..])), ref errors, ref norms, ref largest);
        }

        double error = 0, norm = 0, max = 0;
        for (int lane = 0; lane < Vector512<double>.Count; lane++)
        {
            error += errors[lane];
            norm += norms[lane];
            max = Math.Max(max, largest[lane]);
        }

        return new(error, norm, max);
    }

    private static void Accumulate(Vector512<double> source, Vector512<double> value, ref Vector512<double> errors, ref Vector512<double> norms, ref Vector512<double> largest)
    {
        Vector512<double> difference = source - value;
        errors += difference * difference;
        norms += source * source;
        largest = Vector512.Max(largest, Vector512.Abs(difference));
    }

    private static Vector512<double> Widen(Vector256<float> values)
    {
        (Vector256<double> lower, Vector256<double> upper) = Vector256.Widen(values);
        return Vector512.Create(lower, upper);
    }
}
