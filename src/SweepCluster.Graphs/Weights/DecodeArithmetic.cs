namespace SweepCluster.Graphs.Weights;

/// <summary>The type in which a device turns codes, zero point and scale into a value.</summary>
public enum DecodeArithmetic
{
    /// <summary>Subtract and multiply in float32, then round to the scale's type (iOS 16 and 17, <c>constexpr_affine_dequantize</c>).</summary>
    Float32,

    /// <summary>Convert the code to the scale's type and compute in that type (iOS 18, <c>constexpr_blockwise_shift_scale</c>).</summary>
    ScaleType,
}
