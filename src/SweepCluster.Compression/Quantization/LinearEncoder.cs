using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SweepCluster.Compression.Quantization;

/// <summary>Turns weights into codes. The definition is <see cref="BlockSteps.Code"/>; every path gives its bits: each lane does the same operations in the same order.</summary>
internal static class LinearEncoder
{
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
        ref T from = ref MemoryMarshal.GetReference(values);
        ref TCode to = ref MemoryMarshal.GetReference(codes[..values.Length]);
        bool vectors = length >= Vector512<float>.Count && Vector128.IsHardwareAccelerated;
        int last = length - Vector512<float>.Count;
        for (int block = 0, start = 0; block < scales.Length; block++, start += length)
        {
            BlockSteps steps = new(scales[block], zeros.IsEmpty ? range.Middle : zeros[block], range);
            if (!vectors || !steps.Multiplies)
            {
                EncodeScalar<TStored, T, TCodes, TCode>(values.Slice(start, length), steps, codes.Slice(start, length));
                continue;
            }

            int i = start, end = start + last;
            for (; i < end; i += Vector512<float>.Count)
            {
                TCodes.Store(steps.Codes(TStored.Load(ref from, (nuint)i)), ref to, (nuint)i);
            }

            // The last sixteen, some of them perhaps again.
            TCodes.Store(steps.Codes(TStored.Load(ref from, (nuint)end)), ref to, (nuint)end);
        }
    }

    /// <summary>Encodes neighbours of which each belongs to the next block: a row of a weight whose last axis is that of its channels.</summary>
    /// <param name="values">Finite weights.</param>
    /// <param name="columns">The blocks, from the first value's on.</param>
    /// <param name="first">Number of the first value's block in <paramref name="columns"/>.</param>
    /// <param name="codes">Receives one code for each value.</param>
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
