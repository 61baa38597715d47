using System.Runtime.CompilerServices;

namespace SweepCluster.Numerics.Vectors;

/// <summary>Sixteen floats, one after the other: the definition of every lane-wise operation.</summary>
internal unsafe struct LanesScalar : ILanes<LanesScalar>
{
    private Sixteen _values;

    public static LanesScalar Load(float* source)
    {
        LanesScalar result = default;
        for (int lane = 0; lane < Sixteen.Length; lane++)
        {
            result._values[lane] = source[lane];
        }

        return result;
    }

    public static void Store(float* destination, LanesScalar value)
    {
        for (int lane = 0; lane < Sixteen.Length; lane++)
        {
            destination[lane] = value._values[lane];
        }
    }

    public static LanesScalar Broadcast(float value)
    {
        LanesScalar result = default;
        for (int lane = 0; lane < Sixteen.Length; lane++)
        {
            result._values[lane] = value;
        }

        return result;
    }

    public static LanesScalar MultiplyAdd(LanesScalar a, LanesScalar b, LanesScalar c)
    {
        for (int lane = 0; lane < Sixteen.Length; lane++)
        {
            c._values[lane] = MathF.FusedMultiplyAdd(a._values[lane], b._values[lane], c._values[lane]);
        }

        return c;
    }

    public static LanesScalar Add(LanesScalar a, LanesScalar b)
    {
        for (int lane = 0; lane < Sixteen.Length; lane++)
        {
            a._values[lane] += b._values[lane];
        }

        return a;
    }

    public static LanesScalar Divide(LanesScalar a, LanesScalar b)
    {
        for (int lane = 0; lane < Sixteen.Length; lane++)
        {
            a._values[lane] /= b._values[lane];
        }

        return a;
    }

    public static LanesScalar Larger(LanesScalar a, LanesScalar b)
    {
        for (int lane = 0; lane < Sixteen.Length; lane++)
        {
            a._values[lane] = a._values[lane] > b._values[lane] ? a._values[lane] : b._values[lane];
        }

        return a;
    }

    public static LanesScalar Maximum(LanesScalar a, LanesScalar b)
    {
        for (int lane = 0; lane < Sixteen.Length; lane++)
        {
            a._values[lane] = a._values[lane] > b._values[lane] || float.IsNaN(a._values[lane]) ? a._values[lane] : b._values[lane];
        }

        return a;
    }

    [InlineArray(Length)]
    private struct Sixteen
    {
        public const int Length = 16;

        private float _first;
    }
}
