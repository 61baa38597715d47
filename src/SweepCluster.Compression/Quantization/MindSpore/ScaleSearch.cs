using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SweepCluster.Compression.Quantization.MindSpore;

/// <summary>Finds the scale of a layer at which its relative error is a given one: bisection, as the converter's mixed bits do.</summary>
/// <remarks>
/// The error is the norm of the difference over the norm of the weight, after mean and deviation of the decoded values are moved to those of the weight (the converter's bias correction).
/// The converter means to take it channel by channel, and takes the whole layer as one channel; so does this. Values are decoded in float32 step by step as there; sums are in float64, eight
/// partial sums in a fixed order, where the converter adds up in float32.
/// </remarks>
internal sealed class ScaleSearch
{
    private const double Tolerance = 0.01;
    private const int MostSteps = 100;
    private const int MostDoublings = 300; // more than float32 has powers of two
    private const float Constant = 1e-5f;
    private const double LeastNorm = 1e-10;
    private const double LeastDeviation = 2.220446049250313e-16; // 2^-52
    private const double ErrorOfNothing = 1e-3; // what the converter's softened mean over no channel at all comes to
    private const double Softening = 1e-7;

    private readonly ReadOnlyMemory<float> _values;
    private readonly float _target;
    private readonly double _sum;
    private readonly double _squares;

    /// <summary>Prepares a search.</summary>
    /// <param name="values">Finite weights, at least one.</param>
    /// <param name="target">The relative error to reach, above 0.</param>
    internal ScaleSearch(ReadOnlyMemory<float> values, float target)
    {
        _values = values;
        _target = target;
        (_sum, _squares, _) = Sums(0);
    }

    /// <summary>The scale, or null where no scale was found within the steps.</summary>
    internal float? Find(CancellationToken cancellationToken)
    {
        (float min, float max) = StoredSingles.Range(_values.Span);
        if (max < min + Constant)
        {
            return Math.Abs(max) + Constant;
        }

        float scale = (max - min) * _target, right = scale * 2, left = scale / 2;
        for (int i = 0; Error(right) < _target; i++, right *= 2)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (i == MostDoublings || !float.IsFinite(right))
            {
                return null;
            }
        }

        for (int i = 0; Error(left) > _target; i++, left /= 2)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (i == MostDoublings || !float.IsNormal(left))
            {
                return null;
            }
        }

        for (int step = 0; ; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            double error = Error(scale);
            if (Math.Abs(error - _target) / _target < Tolerance || (step > MostSteps && error < _target))
            {
                return scale;
            }

            if (step > MostSteps)
            {
                return null;
            }

            (left, right) = error > _target ? (left, scale) : (scale, right);
            scale = (left + right) / 2;
        }
    }

    // The error at one scale, from sums over values w and decoded values d: of d, of d * d and of w * d.
    private double Error(float scale)
    {
        if (_squares < LeastNorm)
        {
            return ErrorOfNothing;
        }

        double count = _values.Length;
        (double sum, double squares, double products) = Sums(scale);
        double mean = _sum / count, decodedMean = sum / count;
        double deviation = Math.Sqrt(Math.Max(0, (_squares / count) - (mean * mean))), decodedDeviation = Math.Sqrt(Math.Max(0, (squares / count) - (decodedMean * decodedMean)));
        double factor = decodedDeviation < LeastDeviation ? 1 : deviation / decodedDeviation, offset = mean - (decodedMean * factor);

        // The sum of (w - factor * d - offset) squared, multiplied out.
        double error = _squares + (factor * factor * squares) + (count * offset * offset) - (2 * factor * products) - (2 * offset * _sum) + (2 * factor * offset * sum);
        return Math.Sqrt(Math.Max(0, error) / _squares) / (1 + Softening);
    }

    // Of d, d * d and w * d; of the values themselves where the scale is 0.
    private (double Sum, double Squares, double Products) Sums(float scale)
    {
        ReadOnlySpan<float> values = _values.Span;
        ref float from = ref MemoryMarshal.GetReference(values);
        Vector512<double> sums = default, squares = default, products = default;
        Span<float> tail = stackalloc float[Vector512<float>.Count];
        for (int i = 0; i < values.Length; i += Vector512<float>.Count)
        {
            // Zeros fill up the last step: they decode to 0.
            Vector512<float> value;
            if (i + Vector512<float>.Count <= values.Length)
            {
                value = Vector512.LoadUnsafe(ref from, (nuint)i);
            }
            else
            {
                values[i..].CopyTo(tail);
                value = Vector512.Create<float>(tail);
            }

            Vector512<float> decoded = scale == 0 ? value : Vector512.Floor((value / Vector512.Create(scale)) + Vector512.Create(0.5f)) * Vector512.Create(scale);
            (Vector512<double> low, Vector512<double> high) = Vector512.Widen(value);
            (Vector512<double> decodedLow, Vector512<double> decodedHigh) = Vector512.Widen(decoded);
            sums += decodedLow + decodedHigh;
            squares += (decodedLow * decodedLow) + (decodedHigh * decodedHigh);
            products += (low * decodedLow) + (high * decodedHigh);
        }

        double sum = 0, square = 0, product = 0;
        for (int lane = 0; lane < Vector512<double>.Count; lane++)
        {
            sum += sums[lane];
            square += squares[lane];
            product += products[lane];
        }

        return (sum, square, product);
    }
}
