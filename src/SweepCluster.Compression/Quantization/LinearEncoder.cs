using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SweepCluster.Compression.Quantization;

/// <summary>Turns weights into codes. The definition is <see cref="BlockSteps.Code"/>; every path gives its bits: each lane does the same operations in the same order.</summary>
internal static class LinearEncoder
{
    private const int GroupBlocks = 64;

    /// <summary>Encodes values of one block.</summary>
    /// <param name="values">Finite weights.</param>
    /// <param name="block">Scale and zero point as stored.</param>
    /// <param name="range">The codes in use.</param>
    /// <param name="codes">Receives one code for each value; negative ones in two's complement.</param>
    /// <remarks>Allocates nothing.</remarks>
    internal static void Encode<TStored, T, TCodes, TCode>(ReadOnlySpan<T> values, BlockScale block, CodeRange range, Span<TCode> codes)
        where TStored : IStored<T>
        where T : unmanaged
        where TCodes : ICodes<TCode>
        where TCode : unmanaged => EncodeRuns<TStored, T, TCodes, TCode>(values, values.Length, [block.Scale], [block.Zero], range, codes);

    /// <summary>Encodes whole blocks one after the other.</summary>
    /// <param name="values">Finite weights, <paramref name="length"/> for each scale.</param>
    /// <param name="length">Values of one block.</param>
    /// <param name="scales">Scales as stored.</param>
    /// <param name="zeros">As many zero points; none where all are the middle of the range.</param>
    /// <param name="range">The codes in use.</param>
    /// <param name="codes">Receives one code for each value.</param>
    internal static void EncodeRuns<TStored, T, TCodes, TCode>(
        ReadOnlySpan<T> values, int length, ReadOnlySpan<float> scales, ReadOnlySpan<int> zeros, CodeRange range, Span<TCode> codes)
        where TStored : IStored<T>
        where T : unmanaged
        where TCodes : ICodes<TCode>
        where TCode : unmanaged
    {
        bool vectors = length >= Vector512<float>.Count && Vector128.IsHardwareAccelerated;
        Span<float> factors = stackalloc float[GroupBlocks];
        for (int first = 0; first < scales.Length; first += GroupBlocks)
        {
            int blocks = Math.Min(GroupBlocks, scales.Length - first);
            ReadOnlySpan<T> own = values.Slice(first * length, blocks * length);
            Span<TCode> to = codes.Slice(first * length, blocks * length);
            ReadOnlySpan<int> ownZeros = zeros.IsEmpty ? zeros : zeros.Slice(first, blocks);
            if (vectors && Reciprocals(scales.Slice(first, blocks), factors))
            {
                EncodeGroup<TStored, T, TCodes, TCode>(own, length, factors[..blocks], ownZeros, range, to);
                continue;
            }

            for (int block = 0; block < blocks; block++)
            {
                BlockSteps steps = new(scales[first + block], ownZeros.IsEmpty ? range.Middle : ownZeros[block], range);
                EncodeScalar<TStored, T, TCodes, TCode>(own.Slice(block * length, length), steps, to.Slice(block * length, length));
            }
        }
    }

    // While a batch is encoded from the second cache, the next one is asked for, so that memory works meanwhile.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void EncodeGroup<TStored, T, TCodes, TCode>(
        ReadOnlySpan<T> values, int length, ReadOnlySpan<float> factors, ReadOnlySpan<int> zeros, CodeRange range, Span<TCode> codes)
        where TStored : IStored<T>
        where T : unmanaged
        where TCodes : ICodes<TCode>
        where TCode : unmanaged
    {
        ref T from = ref MemoryMarshal.GetReference(values);
        ref TCode to = ref MemoryMarshal.GetReference(codes);
        int lanes = Vector512<float>.Count;
        (Vector512<float> low, Vector512<float> high, Vector512<int> zero) = BlockSteps.Ends(range, range.Middle);
        for (int block = 0, start = 0; block < factors.Length; block++, start += length)
        {
            Vector512<float> factor = Vector512.Create(factors[block]);
            if (!zeros.IsEmpty)
            {
                (low, high, zero) = BlockSteps.Ends(range, zeros[block]);
            }

            int i = start, end = start + length;
            for (; i + (2 * lanes) <= end; i += 2 * lanes)
            {
                Prefetch(ref Unsafe.Add(ref from, i));
                TCodes.Store(
                    BlockSteps.Codes(TStored.Load(ref from, (nuint)i), factor, low, high, zero),
                    BlockSteps.Codes(TStored.Load(ref from, (nuint)(i + lanes)), factor, low, high, zero),
                    ref to,
                    (nuint)i);
            }

            if (i + lanes <= end)
            {
                TCodes.Store(BlockSteps.Codes(TStored.Load(ref from, (nuint)i), factor, low, high, zero), ref to, (nuint)i);
                i += lanes;
            }

            if (i < end)
            {
                // The last sixteen, some of them again.
                i = end - lanes;
                TCodes.Store(BlockSteps.Codes(TStored.Load(ref from, (nuint)i), factor, low, high, zero), ref to, (nuint)i);
            }
        }
    }

    // The cache lines of 32 values a batch ahead; behind the weight's end the hint does nothing.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Prefetch<T>(ref T from)
        where T : unmanaged
    {
        if (Sse.IsSupported)
        {
            byte* ahead = (byte*)Unsafe.AsPointer(ref from) + (LinearTask.BatchValues * sizeof(T));
            Sse.Prefetch1(ahead);
            if (sizeof(T) > 2)
            {
                Sse.Prefetch1(ahead + 64);
            }
        }
    }

    // False where one of them is no normal number.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool Reciprocals(ReadOnlySpan<float> scales, Span<float> reciprocals)
    {
        int i = 0;
        Vector512<float> least = Vector512.Create(float.MaxValue), most = Vector512<float>.Zero;
        for (; i + Vector512<float>.Count <= scales.Length; i += Vector512<float>.Count)
        {
            Vector512<float> factors = Vector512<float>.One / Vector512.Create(scales.Slice(i, Vector512<float>.Count));
            factors.CopyTo(reciprocals[i..]);
            least = Vector512.Min(least, factors);
            most = Vector512.Max(most, factors);
        }

        bool normal = Vector512.GreaterThanOrEqualAll(least, Vector512.Create(BlockSteps.LeastFactor)) && Vector512.LessThanOrEqualAll(most, Vector512.Create(float.MaxValue));
        for (; i < scales.Length; i++)
        {
            reciprocals[i] = 1f / scales[i];
            normal &= float.IsNormal(reciprocals[i]);
        }

        return normal;
    }

    /// <summary>Encodes neighbours of which each belongs to the next block: a row of a weight whose last axis is that of its channels.</summary>
    /// <param name="values">Finite weights.</param>
    /// <param name="columns">The blocks, from the first value's on.</param>
    /// <param name="first">Number of the first value's block in <paramref name="columns"/>.</param>
    /// <param name="codes">Receives one code for each value.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void EncodeColumns<TStored, T, TCodes, TCode>(ReadOnlySpan<T> values, ColumnSteps columns, int first, Span<TCode> codes)
        where TStored : IStored<T>
        where T : unmanaged
        where TCodes : ICodes<TCode>
        where TCode : unmanaged
    {
        ref T from = ref MemoryMarshal.GetReference(values);
        ref TCode to = ref MemoryMarshal.GetReference(codes[..values.Length]);
        int i = 0;
        for (; columns.Multiplies && Vector128.IsHardwareAccelerated && i + Vector512<float>.Count <= values.Length; i += Vector512<float>.Count)
        {
            TCodes.Store(columns.Codes(TStored.Load(ref from, (nuint)i), first + i), ref to, (nuint)i);
        }

        for (; i < values.Length; i++)
        {
            codes[i] = TCodes.Of(columns[first + i].Code(TStored.Value(values[i])));
        }
    }

    // Value by value, for short blocks and for scales whose reciprocal is no normal number.
    internal static void EncodeScalar<TStored, T, TCodes, TCode>(ReadOnlySpan<T> values, BlockSteps steps, Span<TCode> codes)
        where TStored : IStored<T>
        where T : unmanaged
        where TCodes : ICodes<TCode>
        where TCode : unmanaged
    {
        for (int i = 0; i < values.Length; i++)
        {
            codes[i] = TCodes.Of(steps.Code(TStored.Value(values[i])));
        }
    }
}
