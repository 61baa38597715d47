using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SweepCluster.Numerics.Vectors;

/// <summary>Sixteen floats in two vectors.</summary>
internal readonly unsafe struct Lanes256(Vector256<float> low, Vector256<float> high) : ILanes<Lanes256>
{
    private readonly Vector256<float> _low = low;
    private readonly Vector256<float> _high = high;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Load(float* source) => new(Vector256.Load(source), Vector256.Load(source + 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* destination, Lanes256 value)
    {
        value._low.Store(destination);
        value._high.Store(destination + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Broadcast(float value)
    {
        Vector256<float> all = Vector256.Create(value);
        return new(all, all);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 MultiplyAdd(Lanes256 a, Lanes256 b, Lanes256 c) => new(
        Vector256.FusedMultiplyAdd(a._low, b._low, c._low),
        Vector256.FusedMultiplyAdd(a._high, b._high, c._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Add(Lanes256 a, Lanes256 b) => new(
        a._low + b._low,
        a._high + b._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Divide(Lanes256 a, Lanes256 b) => new(
        a._low / b._low,
        a._high / b._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Larger(Lanes256 a, Lanes256 b) => new(
        Vector256.ConditionalSelect(Vector256.GreaterThan(a._low, b._low), a._low, b._low),
        Vector256.ConditionalSelect(Vector256.GreaterThan(a._high, b._high), a._high, b._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Maximum(Lanes256 a, Lanes256 b) => new(
        Maximum(a._low, b._low),
        Maximum(a._high, b._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Maximum(Vector256<float> a, Vector256<float> b) =>
        Vector256.ConditionalSelect(Vector256.GreaterThan(a, b), a, Vector256.ConditionalSelect(Vector256.Equals(a, a), b, a));
}
