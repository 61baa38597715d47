using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SweepCluster.Compression.Quantization;

/// <summary>Squared errors of a block under a scale and a zero point.</summary>
/// <remarks>Sixteen partial sums in float64 (element i into sum i mod 16) that are added in order: the same bits on every machine.</remarks>
internal static class BlockErrors
{
    /// <summary>Sum of squared differences between values and what their codes stand for, before the device's last rounding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static double OfCodes<TStored, T>(ReadOnlySpan<T> values, BlockScale block, CodeRange range)
        where TStored : IStored<T>
        where T : unmanaged
    {
        BlockSteps steps = new(block.Scale, block.Zero, range);
        ref T from = ref MemoryMarshal.GetReference(values);
        Vector512<float> scale = Vector512.Create(block.Scale);
        Vector512<double> lower = default, upper = default;
        Span<float> tail = stackalloc float[Vector512<float>.Count];
        for (int i = 0; i < values.Length; i += Vector512<float>.Count)
        {
            // Zeros fill up the last step: they stand for themselves and add nothing.
            Vector512<float> value = i + Vector512<float>.Count <= values.Length ? TStored.Load(ref from, (nuint)i) : Tail<TStored, T>(values[i..], tail);
            (Vector512<double> first, Vector512<double> second) = Vector512.Widen(value - (Distances(steps, block.Zero, value) * scale));
            lower += first * first;
            upper += second * second;
        }

        return Sum(lower, upper);
    }

    /// <summary>As <see cref="OfCodes{TStored, T}(ReadOnlySpan{T}, BlockScale, CodeRange)"/> for two scales with one zero point, in one pass.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static (double First, double Second) OfCodes<TStored, T>(ReadOnlySpan<T> values, BlockScale first, BlockScale second, CodeRange range)
        where TStored : IStored<T>
        where T : unmanaged
    {
        BlockSteps steps = new(first.Scale, first.Zero, range), otherSteps = new(second.Scale, second.Zero, range);
        if (!steps.Multiplies || !otherSteps.Multiplies || first.Zero != second.Zero || !Vector128.IsHardwareAccelerated)
        {
            return (OfCodes<TStored, T>(values, first, range), OfCodes<TStored, T>(values, second, range));
        }

        ref T from = ref MemoryMarshal.GetReference(values);
        Vector512<float> scale = Vector512.Create(first.Scale), otherScale = Vector512.Create(second.Scale);
        Vector512<float> factor = Vector512.Create(steps.Factor), otherFactor = Vector512.Create(otherSteps.Factor);
        Vector512<float> least = Vector512.Create(steps.Low), most = Vector512.Create(steps.High);
        Vector512<double> lower = default, upper = default, otherLower = default, otherUpper = default;
        Span<float> tail = stackalloc float[Vector512<float>.Count];
        for (int i = 0; i < values.Length; i += Vector512<float>.Count)
        {
            Vector512<float> value = i + Vector512<float>.Count <= values.Length ? TStored.Load(ref from, (nuint)i) : Tail<TStored, T>(values[i..], tail);
            (Vector512<double> left, Vector512<double> right) = Vector512.Widen(value - (BlockSteps.Distances(value, factor, least, most) * scale));
            lower += left * left;
            upper += right * right;
            (left, right) = Vector512.Widen(value - (BlockSteps.Distances(value, otherFactor, least, most) * otherScale));
            otherLower += left * left;
            otherUpper += right * right;
        }

        return (Sum(lower, upper), Sum(otherLower, otherUpper));
    }

    /// <summary>Sum of squared differences between values and what the device decodes, weighted.</summary>
    /// <param name="values">Finite values.</param>
    /// <param name="importances">What each one's squared error counts; empty where all count 1.</param>
    /// <param name="block">Scale and zero point as stored; every code decodes to a finite value.</param>
    /// <param name="range">The codes in use.</param>
    /// <param name="device">How the device decodes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static double OfDevice(ReadOnlySpan<float> values, ReadOnlySpan<float> importances, BlockScale block, CodeRange range, DeviceArithmetic device)
    {
        BlockSteps steps = new(block.Scale, block.Zero, range);
        Vector512<float> scale = Vector512.Create(block.Scale), zeroCode = Vector512.Create((float)block.Zero);
        Vector512<double> lower = default, upper = default;
        Span<float> tail = stackalloc float[Vector512<float>.Count], tailImportances = stackalloc float[Vector512<float>.Count];
        for (int i = 0; i < values.Length; i += Vector512<float>.Count)
        {
            Vector512<float> value = Part(values, i, tail);
            Vector512<float> decoded = device.Values(Distances(steps, block.Zero, value) + zeroCode, zeroCode, scale);
            (Vector512<double> first, Vector512<double> second) = Vector512.Widen(value);
            (Vector512<double> firstDecoded, Vector512<double> secondDecoded) = Vector512.Widen(decoded);
            first -= firstDecoded;
            second -= secondDecoded;
            if (importances.IsEmpty)
            {
                lower += first * first;
                upper += second * second;
            }
            else
            {
                (Vector512<double> firstWeight, Vector512<double> secondWeight) = Vector512.Widen(Part(importances, i, tailImportances));
                lower += first * first * firstWeight;
                upper += second * second * secondWeight;
            }
        }

        return Sum(lower, upper);
    }

    /// <summary>What the best scale for given codes follows from: with q the distance of a value's code from zero and h its importance, <c>sum h w q</c> and <c>sum h q q</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static (double Products, double Squares) Moments(ReadOnlySpan<float> values, ReadOnlySpan<float> importances, BlockScale block, CodeRange range)
    {
        BlockSteps steps = new(block.Scale, block.Zero, range);
        Vector512<double> productsLow = default, productsHigh = default, squaresLow = default, squaresHigh = default;
        Span<float> tail = stackalloc float[Vector512<float>.Count], tailImportances = stackalloc float[Vector512<float>.Count];
        for (int i = 0; i < values.Length; i += Vector512<float>.Count)
        {
            Vector512<float> value = Part(values, i, tail);
            Vector512<float> code = Distances(steps, block.Zero, value);
            (Vector512<double> first, Vector512<double> second) = Vector512.Widen(value);
            (Vector512<double> firstCode, Vector512<double> secondCode) = Vector512.Widen(code);
            if (importances.IsEmpty)
            {
                productsLow += first * firstCode;
                productsHigh += second * secondCode;
                squaresLow += firstCode * firstCode;
                squaresHigh += secondCode * secondCode;
                continue;
            }

            (Vector512<double> firstWeight, Vector512<double> secondWeight) = Vector512.Widen(Part(importances, i, tailImportances));
            firstWeight *= firstCode;
            secondWeight *= secondCode;
            productsLow += first * firstWeight;
            productsHigh += second * secondWeight;
            squaresLow += firstCode * firstWeight;
            squaresHigh += secondCode * secondWeight;
        }

        return (Sum(productsLow, productsHigh), Sum(squaresLow, squaresHigh));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Distances(BlockSteps steps, int zero, Vector512<float> values)
    {
        if (steps.Multiplies)
        {
            return steps.Distances(values);
        }

        return DistancesScalar(steps, zero, values);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector512<float> DistancesScalar(BlockSteps steps, int zero, Vector512<float> values)
    {
        Span<float> distances = stackalloc float[Vector512<float>.Count];
        for (int lane = 0; lane < distances.Length; lane++)
        {
            distances[lane] = steps.Code(values[lane]) - zero;
        }

        return Vector512.Create<float>(distances);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Part(ReadOnlySpan<float> values, int at, Span<float> tail)
    {
        if (at + Vector512<float>.Count <= values.Length)
        {
            return Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(values), (nuint)at);
        }

        values[at..].CopyTo(tail); // zeros after it, of which there are as many for values as for importances
        return Vector512.Create<float>(tail);
    }

    private static Vector512<float> Tail<TStored, T>(ReadOnlySpan<T> values, Span<float> tail)
        where TStored : IStored<T>
        where T : unmanaged
    {
        for (int i = 0; i < values.Length; i++)
        {
            tail[i] = TStored.Value(values[i]);
        }

        return Vector512.Create<float>(tail);
    }

    private static double Sum(Vector512<double> lower, Vector512<double> upper)
    {
        double sum = 0;
        for (int lane = 0; lane < Vector512<double>.Count; lane++)
        {
            sum += lower[lane] + upper[lane];
        }

        return sum;
    }
}
