using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SweepCluster.Compression.Palettization.Vectors;

/// <summary>Squared distances of sixteen points at once, in float32: each lane adds its coordinates in order, multiplication and addition rounded apart, so that every instruction set gives the same bits.</summary>
internal static class BlockDistances
{
    /// <summary>Of each point to one centre.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> To(VectorPoints points, int block, ReadOnlySpan<float> centre)
    {
        ref float values = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(points.Values), block * VectorPoints.Block);
        Vector512<float> distance = default;
        if (points.Weights is null)
        {
            for (int c = 0; c < centre.Length; c++)
            {
                Vector512<float> off = Vector512.LoadUnsafe(ref values, (nuint)(c * points.Stride)) - Vector512.Create(centre[c]);
                distance += off * off;
            }

            return distance;
        }

        ref float weights = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(points.Weights), block * VectorPoints.Block);
        for (int c = 0; c < centre.Length; c++)
        {
            Vector512<float> off = Vector512.LoadUnsafe(ref values, (nuint)(c * points.Stride)) - Vector512.Create(centre[c]);
            distance += off * off * Vector512.LoadUnsafe(ref weights, (nuint)(c * points.Stride));
        }

        return distance;
    }

    /// <summary>The nearest centre of each point, the first among equals, with its distance and that of the second nearest (infinite where there is one centre).</summary>
    internal static Vector512<int> Nearest(VectorPoints points, int block, ReadOnlySpan<float> centres, out Vector512<float> first, out Vector512<float> second)
    {
        if (points.Length == 2 && points.Weights is null)
        {
            return NearestPair(points, block, centres, out first, out second);
        }

        int length = points.Length;
        Vector512<int> nearest = default;
        first = second = Vector512.Create(float.PositiveInfinity);
        for (int at = 0, code = 0; at < centres.Length; at += length, code++)
        {
            Take(To(points, block, centres.Slice(at, length)), code, ref nearest, ref first, ref second);
        }

        return nearest;
    }

    /// <summary>Sum of the squared distances of all points to their nearest centres, in double precision, lane by lane, then over the lanes.</summary>
    internal static double Error(VectorPoints points, ReadOnlySpan<float> centres)
    {
        Vector512<double> lower = default, upper = default;
        for (int block = 0; block < points.Blocks; block++)
        {
            Nearest(points, block, centres, out Vector512<float> first, out _);
            first = Vector512.ConditionalSelect(Vector512.LessThan(Vector512<float>.Indices, Vector512.Create((float)points.LanesOf(block))), first, default);
            (Vector512<double> low, Vector512<double> high) = Vector512.Widen(first);
            lower += low;
            upper += high;
        }

        double error = 0;
        for (int lane = 0; lane < Vector512<double>.Count; lane++)
        {
            error += lower[lane] + upper[lane];
        }

        return error;
    }

    /// <summary>The nearest of some centres, as above.</summary>
    /// <param name="points">The points.</param>
    /// <param name="block">The block.</param>
    /// <param name="centres">All centres.</param>
    /// <param name="candidates">Numbers of the centres to look at, ascending.</param>
    /// <param name="first">Receives the least distances.</param>
    /// <param name="second">Receives the second least distances among the candidates.</param>
    internal static Vector512<int> Nearest(VectorPoints points, int block, ReadOnlySpan<float> centres, ReadOnlySpan<int> candidates, out Vector512<float> first, out Vector512<float> second)
    {
        int length = points.Length;
        Vector512<int> nearest = default;
        first = second = Vector512.Create(float.PositiveInfinity);
        foreach (int code in candidates)
        {
            Take(To(points, block, centres.Slice(code * length, length)), code, ref nearest, ref first, ref second);
        }

        return nearest;
    }

    /// <summary>The least lane. NaN counts as infinite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Least(Vector512<float> lanes)
    {
        lanes = Vector512.ConditionalSelect(Vector512.Equals(lanes, lanes), lanes, Vector512.Create(float.PositiveInfinity));
        Vector256<float> eight = Vector256.MinNative(lanes.GetLower(), lanes.GetUpper());
        Vector128<float> four = Vector128.MinNative(eight.GetLower(), eight.GetUpper());
        four = Vector128.MinNative(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return Math.Min(four[0], four[1]);
    }

    /// <summary>The largest lane of numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Largest(Vector512<float> lanes) => -Least(-lanes);

    // The same for the usual case: both coordinates stay in registers.
    private static Vector512<int> NearestPair(VectorPoints points, int block, ReadOnlySpan<float> centres, out Vector512<float> first, out Vector512<float> second)
    {
        ref float values = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(points.Values), block * VectorPoints.Block);
        Vector512<float> x = Vector512.LoadUnsafe(ref values), y = Vector512.LoadUnsafe(ref values, (nuint)points.Stride);
        Vector512<int> nearest = default;
        Vector512<float> least = Vector512.Create(float.PositiveInfinity), next = least;
        for (int at = 0; at + 1 < centres.Length; at += 2)
        {
            Vector512<float> offX = x - Vector512.Create(centres[at]), offY = y - Vector512.Create(centres[at + 1]);
            Take((offX * offX) + (offY * offY), at >> 1, ref nearest, ref least, ref next);
        }

        first = least;
        second = next;
        return nearest;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Take(Vector512<float> distance, int code, ref Vector512<int> nearest, ref Vector512<float> first, ref Vector512<float> second)
    {
        Vector512<float> isLess = Vector512.LessThan(distance, first);
        second = Vector512.MinNative(second, Vector512.MaxNative(first, distance));
        first = Vector512.MinNative(first, distance);
        nearest = Vector512.ConditionalSelect(isLess.AsInt32(), Vector512.Create(code), nearest);
    }
}
