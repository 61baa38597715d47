using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SweepCluster.Numerics.Sparsity;

namespace SweepCluster.Compression.Pruning;

/// <summary>The mask of a weight whose blocks go by their norms.</summary>
internal static class BlockMask
{
    /// <summary>Makes the mask: 1 where the norm of a number's block is above the threshold and the number is not 0.</summary>
    /// <param name="numbers">The weight.</param>
    /// <param name="norms">The norm of its block for each number.</param>
    /// <param name="threshold">Blocks of this norm and below go.</param>
    internal static byte[] Of<T>(ReadOnlySpan<T> numbers, ReadOnlySpan<float> norms, float threshold)
        where T : unmanaged, IBinaryInteger<T>
    {
        byte[] mask = new byte[SparsePacking.MaskLength(numbers.Length)];
        int done = Vector128.IsHardwareAccelerated ? OfSixteen(numbers, norms, threshold, mask) : 0;
        OfEach(numbers[done..], norms[done..], threshold, mask.AsSpan(done / 8));
        return mask;
    }

    // The definition: tests hold the other path to it. It also finishes the tail.
    internal static void OfEach<T>(ReadOnlySpan<T> numbers, ReadOnlySpan<float> norms, float threshold, Span<byte> mask)
        where T : unmanaged, IBinaryInteger<T>
    {
        for (int i = 0; i < numbers.Length; i++)
        {
            mask[i >> 3] |= (byte)((norms[i] > threshold && !T.IsZero(numbers[i] << 1) ? 1 : 0) << (i & 7));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int OfSixteen<T>(ReadOnlySpan<T> numbers, ReadOnlySpan<float> norms, float threshold, Span<byte> mask)
        where T : unmanaged, IBinaryInteger<T>
    {
        ref T from = ref MemoryMarshal.GetReference(numbers);
        ref float norm = ref MemoryMarshal.GetReference(norms);
        Vector512<float> limit = Vector512.Create(threshold);
        int i = 0;
        for (; i + Vector512<float>.Count <= numbers.Length; i += Vector512<float>.Count)
        {
            uint above = (uint)Vector512.GreaterThan(Vector512.LoadUnsafe(ref norm, (nuint)i), limit).ExtractMostSignificantBits();
            uint zero = Unsafe.SizeOf<T>() == sizeof(ushort)
                ? Vector256.Equals(Vector256.LoadUnsafe(ref from, (nuint)i) << 1, Vector256<T>.Zero).ExtractMostSignificantBits()
                : (uint)Vector512.Equals(Vector512.LoadUnsafe(ref from, (nuint)i) << 1, Vector512<T>.Zero).ExtractMostSignificantBits();
            BinaryPrimitives.WriteUInt16LittleEndian(mask[(i / 8)..], (ushort)(above & ~zero));
        }

        return i;
    }
}
