namespace SweepCluster.Graphs.Weights;

/// <summary>How a device turns a code, with a scale and a zero point or a bias, into a value.</summary>
public enum DecodeArithmetic
{
    /// <summary>Subtract and multiply in float32, then round to the scale's type (iOS 16 and 17, <c>constexpr_affine_dequantize</c>).</summary>
    Float32,

    /// <summary>Convert the code to the scale's type and compute in that type (iOS 18, <c>constexpr_blockwise_shift_scale</c>).</summary>
    ScaleType,

    /// <summary>Multiply the code by the scale and add a bias, both in float32, each rounded once (neural networks). Codes have no zero point.</summary>
    ScaleAndBias,
}
