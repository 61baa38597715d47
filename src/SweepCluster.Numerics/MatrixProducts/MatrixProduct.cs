using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SweepCluster.Numerics.MatrixProducts;

/// <summary>The product of two plain matrices, neither of them packed: for values that are computed anew in every run.</summary>
public static class MatrixProduct
{
    /// <summary>Computes <c>output[m, n] = sum over k of left[m, k] * right[k, n]</c>.</summary>
    /// <param name="left">Values <c>[M, K]</c>, row by row.</param>
    /// <param name="right">Values <c>[K, N]</c>, row by row.</param>
    /// <param name="output">Receives <c>[M, N]</c>; must not overlap the others.</param>
    /// <param name="m">Rows of the left matrix, 0 or more.</param>
    /// <param name="k">Terms of a sum, 0 or more.</param>
    /// <param name="n">Columns of the right matrix, 0 or more.</param>
    /// <exception cref="ArgumentException">A span has another length, or an extent is below 0.</exception>
    /// <remarks>Sums in float32 with fused multiply-add, from 0 on, in the order of k: the same bits whatever the vectors' width. Allocates nothing.</remarks>
    public static void Multiply(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> output, int m, int k, int n)
    {
        if (m < 0 || k < 0 || n < 0 || left.Length != (long)m * k || right.Length != (long)k * n || output.Length != (long)m * n)
        {
            throw new ArgumentException($"{left.Length}, {right.Length} and {output.Length} values do not fit matrices of {m} x {k} and {k} x {n}.");
        }

        for (int row = 0; row < m; row++)
        {
            ReadOnlySpan<float> factors = left.Slice(row * k, k);
            Span<float> sums = output.Slice(row * n, n);
            int done = MultiplyFour(factors, right, sums);
            done = MultiplyOne(factors, right, sums, done);
            MultiplyScalar(factors, right, sums, done);
        }
    }

    // The definition; it also finishes the columns that fill no vector.
    internal static void MultiplyScalar(ReadOnlySpan<float> factors, ReadOnlySpan<float> right, Span<float> sums, int first)
    {
        for (int column = first; column < sums.Length; column++)
        {
            float sum = 0f;
            for (int k = 0; k < factors.Length; k++)
            {
                sum = MathF.FusedMultiplyAdd(factors[k], right[(k * sums.Length) + column], sum);
            }

            sums[column] = sum;
        }
    }

    // Columns in four vectors, whose sums stay in registers over all terms. Returns how many columns are done.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int MultiplyFour(ReadOnlySpan<float> factors, ReadOnlySpan<float> right, Span<float> sums)
    {
        ref float terms = ref MemoryMarshal.GetReference(right), to = ref MemoryMarshal.GetReference(sums);
        int lanes = Vector<float>.Count, column = 0;
        for (; column <= sums.Length - (4 * lanes); column += 4 * lanes)
        {
            Vector<float> a = Vector<float>.Zero, b = a, c = a, d = a;
            nuint at = (nuint)column;
            foreach (float value in factors)
            {
                Vector<float> factor = new(value);
                a = Vector.FusedMultiplyAdd(factor, Vector.LoadUnsafe(ref terms, at), a);
                b = Vector.FusedMultiplyAdd(factor, Vector.LoadUnsafe(ref terms, at + (nuint)lanes), b);
                c = Vector.FusedMultiplyAdd(factor, Vector.LoadUnsafe(ref terms, at + (nuint)(2 * lanes)), c);
                d = Vector.FusedMultiplyAdd(factor, Vector.LoadUnsafe(ref terms, at + (nuint)(3 * lanes)), d);
                at += (nuint)sums.Length;
            }

            Vector.StoreUnsafe(a, ref to, (nuint)column);
            Vector.StoreUnsafe(b, ref to, (nuint)(column + lanes));
            Vector.StoreUnsafe(c, ref to, (nuint)(column + (2 * lanes)));
            Vector.StoreUnsafe(d, ref to, (nuint)(column + (3 * lanes)));
        }

        return column;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int MultiplyOne(ReadOnlySpan<float> factors, ReadOnlySpan<float> right, Span<float> sums, int first)
    {
        ref float terms = ref MemoryMarshal.GetReference(right), to = ref MemoryMarshal.GetReference(sums);
        int column = first;
        for (; column <= sums.Length - Vector<float>.Count; column += Vector<float>.Count)
        {
            Vector<float> sum = Vector<float>.Zero;
            nuint at = (nuint)column;
            foreach (float factor in factors)
            {
                sum = Vector.FusedMultiplyAdd(new Vector<float>(factor), Vector.LoadUnsafe(ref terms, at), sum);
                at += (nuint)sums.Length;
            }

            Vector.StoreUnsafe(sum, ref to, (nuint)column);
        }

        return column;
    }
}
