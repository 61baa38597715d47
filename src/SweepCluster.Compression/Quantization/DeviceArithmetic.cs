using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;
using SweepCluster.Numerics.Halves;

namespace SweepCluster.Compression.Quantization;

/// <summary>How the device turns a code into a value: in which type, and whether step by step.</summary>
/// <param name="Halves">Whether scales are float16.</param>
/// <param name="Steps">Whether every step is rounded to float16; for codes of up to 11 bits that changes nothing.</param>
internal readonly record struct DeviceArithmetic(bool Halves, bool Steps)
{
    internal static DeviceArithmetic Of(ElementType type, DecodeArithmetic arithmetic, int bits) =>
        new(type == ElementType.Float16, type == ElementType.Float16 && arithmetic == DecodeArithmetic.ScaleType && bits > HalfRange.IntegerBits);

    /// <summary>The value of one code.</summary>
    internal float Value(int code, BlockScale block)
    {
        if (Steps)
        {
            return (float)(((Half)code - (Half)block.Zero) * (Half)block.Scale);
        }

        float product = (code - block.Zero) * block.Scale;
        return Halves ? (float)(Half)product : product;
    }

    /// <summary>The values of sixteen codes whose outermost value is finite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Vector512<float> Values(Vector512<float> codes, Vector512<float> zero, Vector512<float> scale)
    {
        if (Steps)
        {
            return HalfLanes.Round(HalfLanes.Round(HalfLanes.Round(codes) - HalfLanes.Round(zero)) * scale);
        }

        Vector512<float> product = (codes - zero) * scale;
        return Halves ? HalfLanes.Round(product) : product;
    }
}
