using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SweepCluster.Numerics.Vectors;

/// <summary>Sixteen floats in four vectors.</summary>
internal readonly unsafe struct Lanes128(Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d) : ILanes<Lanes128>
{
    private readonly Vector128<float> _a = a;
    private readonly Vector128<float> _b = b;
    private readonly Vector128<float> _c = c;
    private readonly Vector128<float> _d = d;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Load(float* source) => new(Vector128.Load(source), Vector128.Load(source + 4), Vector128.Load(source + 8), Vector128.Load(source + 12));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* destination, Lanes128 value)
    {
        value._a.Store(destination);
        value._b.Store(destination + 4);
        value._c.Store(destination + 8);
        value._d.Store(destination + 12);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Broadcast(float value)
    {
        Vector128<float> all = Vector128.Create(value);
        return new(all, all, all, all);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 MultiplyAdd(Lanes128 a, Lanes128 b, Lanes128 c) => new(
        Vector128.FusedMultiplyAdd(a._a, b._a, c._a),
        Vector128.FusedMultiplyAdd(a._b, b._b, c._b),
        Vector128.FusedMultiplyAdd(a._c, b._c, c._c),
        Vector128.FusedMultiplyAdd(a._d, b._d, c._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Add(Lanes128 a, Lanes128 b) => new(
        a._a + b._a,
        a._b + b._b,
        a._c + b._c,
        a._d + b._d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Divide(Lanes128 a, Lanes128 b) => new(
        a._a / b._a,
        a._b / b._b,
        a._c / b._c,
        a._d / b._d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Larger(Lanes128 a, Lanes128 b) => new(
        Vector128.ConditionalSelect(Vector128.GreaterThan(a._a, b._a), a._a, b._a),
        Vector128.ConditionalSelect(Vector128.GreaterThan(a._b, b._b), a._b, b._b),
        Vector128.ConditionalSelect(Vector128.GreaterThan(a._c, b._c), a._c, b._c),
        Vector128.ConditionalSelect(Vector128.GreaterThan(a._d, b._d), a._d, b._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Maximum(Lanes128 a, Lanes128 b) => new(
        Maximum(a._a, b._a),
        Maximum(a._b, b._b),
        Maximum(a._c, b._c),
        Maximum(a._d, b._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Maximum(Vector128<float> a, Vector128<float> b) =>
        Vector128.ConditionalSelect(Vector128.GreaterThan(a, b), a, Vector128.ConditionalSelect(Vector128.Equals(a, a), b, a));
}
