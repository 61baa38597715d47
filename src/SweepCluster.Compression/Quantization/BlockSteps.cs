using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SweepCluster.Compression.Quantization;

/// <summary>One block's scale and zero point as encoding uses them: <c>code = clip(round(value * (1 / scale)) + zero, min, max)</c>.</summary>
/// <remarks>
/// The product with the reciprocal is fused with the addition of 1.5 * 2^23, where float32 numbers are whole: one rounding, ties to even, and the lowest bits are the code in two's complement.
/// The reciprocal of the scale is itself rounded; where it is no normal number (scales below 2^-126 and above 2^126) the value is divided instead.
/// Clipping comes before the low bits are taken, so that no value wraps.
/// </remarks>
internal readonly struct BlockSteps
{
    /// <summary>The smallest reciprocal of a scale to multiply by: the smallest normal number.</summary>
    internal const float LeastFactor = 1.17549435e-38f;

    /// <summary>1.5 * 2^23.</summary>
    internal const float Whole = 12582912f;

    private readonly float _scale;
    private readonly float _factor;
    private readonly float _low;
    private readonly float _high;
    private readonly int _zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal BlockSteps(float scale, int zero, CodeRange range)
    {
        _scale = scale;
        _factor = 1f / scale;
        _low = Whole + (range.Min - zero);
        _high = Whole + (range.Max - zero);
        _zero = zero;
    }

    internal float Factor => _factor;

    internal float Low => _low;

    internal float High => _high;

    // Whether Code and Codes multiply; vectors are for these alone.
    internal bool Multiplies => float.IsNormal(_factor);

    // The definition.
    internal int Code(float value)
    {
        float whole = Multiplies ? MathF.FusedMultiplyAdd(value, _factor, Whole) : (value / _scale) + Whole;
        return (int)(Math.Clamp(whole, _low, _high) - Whole) + _zero;
    }

    /// <summary>How many steps from zero the codes of sixteen values lie.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Vector512<float> Distances(Vector512<float> values) =>
        Distances(values, Vector512.Create(_factor), Vector512.Create(_low), Vector512.Create(_high));

    /// <summary>As above, from what a block holds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> Distances(Vector512<float> values, Vector512<float> factor, Vector512<float> low, Vector512<float> high) =>
        Clip(values, factor, low, high) - Vector512.Create(Whole);

    /// <summary>What clips the codes of blocks with this zero point, and the zero point, for <see cref="Codes"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static (Vector512<float> Low, Vector512<float> High, Vector512<int> Zero) Ends(CodeRange range, int zero) =>
        (Vector512.Create(Whole + (range.Min - zero)), Vector512.Create(Whole + (range.Max - zero)), Vector512.Create(zero));

    /// <summary>Codes of sixteen values by reciprocals of their scales that are normal numbers; only the lowest 16 bits of each are the code's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<int> Codes(Vector512<float> values, Vector512<float> factor, Vector512<float> low, Vector512<float> high, Vector512<int> zero) =>
        Clip(values, factor, low, high).AsInt32() + zero;

    // Values are finite, so that the native comparisons do.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Clip(Vector512<float> values, Vector512<float> factor, Vector512<float> low, Vector512<float> high) =>
        Vector512.MinNative(Vector512.MaxNative(Vector512.FusedMultiplyAdd(values, factor, Vector512.Create(Whole)), low), high);
}
