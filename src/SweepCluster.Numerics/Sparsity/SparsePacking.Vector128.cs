using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SweepCluster.Numerics.Sparsity;

/// <content>Sixteen bytes a step, moved together and apart by a table of shuffles.</content>
public static partial class SparsePacking
{
    internal static bool HasVector128 => Vector128.IsHardwareAccelerated && BitConverter.IsLittleEndian;

    // As the paths of 64 bytes: how many numbers were done, a multiple of 8, and how many kept ones were written or read. They stop where less than a register's room is left.
    internal static (int Done, int Count) PackVector128<T>(ReadOnlySpan<T> numbers, T threshold, Span<byte> mask, Span<T> kept, out T largest)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>, IMinMaxValue<T>
    {
        int i = 0, count = 0;
        ref T from = ref MemoryMarshal.GetReference(numbers), to = ref MemoryMarshal.GetReference(kept);
        ref byte shuffles = ref MemoryMarshal.GetArrayDataReference(Vector128<T>.Count == 8 ? ByteShuffles.s_compress16 : ByteShuffles.s_compress32);
        Vector128<T> noSign = Vector128.Create(T.MaxValue >>> 1), limit = Vector128.Create(threshold), most = default;
        for (; i <= numbers.Length - 8 && count <= kept.Length - 8; i += 8)
        {
            Vector128<T> number = Vector128.LoadUnsafe(ref from, (nuint)i), magnitude = number & noSign;
            most = Vector128.Max(most, magnitude);
            uint bits = Vector128.GreaterThan(magnitude, limit).ExtractMostSignificantBits();
            Move(number, ref shuffles, bits).StoreUnsafe(ref to, (nuint)count);
            count += BitOperations.PopCount(bits);
            if (Vector128<T>.Count == 4)
            {
                number = Vector128.LoadUnsafe(ref from, (nuint)(i + 4));
                magnitude = number & noSign;
                most = Vector128.Max(most, magnitude);
                uint upper = Vector128.GreaterThan(magnitude, limit).ExtractMostSignificantBits();
                Move(number, ref shuffles, upper).StoreUnsafe(ref to, (nuint)count);
                count += BitOperations.PopCount(upper);
                bits |= upper << 4;
            }

            mask[i >> 3] = (byte)bits;
        }

        largest = T.Zero;
        for (int lane = 0; lane < Vector128<T>.Count; lane++)
        {
            largest = T.Max(largest, most[lane]);
        }

        return (i, count);
    }

    internal static (int Done, int Count) PackMaskedVector128<T>(ReadOnlySpan<T> numbers, ReadOnlySpan<byte> mask, Span<T> kept)
        where T : unmanaged, IBinaryInteger<T>
    {
        int i = 0, count = 0;
        ref T from = ref MemoryMarshal.GetReference(numbers), to = ref MemoryMarshal.GetReference(kept);
        ref byte shuffles = ref MemoryMarshal.GetArrayDataReference(Vector128<T>.Count == 8 ? ByteShuffles.s_compress16 : ByteShuffles.s_compress32);
        for (; i <= numbers.Length - 8 && count <= kept.Length - 8; i += 8)
        {
            uint bits = mask[i >> 3], lower = Vector128<T>.Count == 8 ? bits : bits & 15;
            Move(Vector128.LoadUnsafe(ref from, (nuint)i), ref shuffles, lower).StoreUnsafe(ref to, (nuint)count);
            count += BitOperations.PopCount(lower);
            if (Vector128<T>.Count == 4)
            {
                Move(Vector128.LoadUnsafe(ref from, (nuint)(i + 4)), ref shuffles, bits >>> 4).StoreUnsafe(ref to, (nuint)count);
                count += BitOperations.PopCount(bits >>> 4);
            }
        }

        return (i, count);
    }

    internal static (int Done, int Used) ExpandVector128<T>(ReadOnlySpan<byte> mask, ReadOnlySpan<T> kept, Span<T> numbers)
        where T : unmanaged, IBinaryInteger<T>
    {
        int i = 0, used = 0;
        ref T from = ref MemoryMarshal.GetReference(kept), to = ref MemoryMarshal.GetReference(numbers);
        ref byte shuffles = ref MemoryMarshal.GetArrayDataReference(Vector128<T>.Count == 8 ? ByteShuffles.s_expand16 : ByteShuffles.s_expand32);
        for (; i <= numbers.Length - 8 && used <= kept.Length - 8; i += 8)
        {
            uint bits = mask[i >> 3], lower = Vector128<T>.Count == 8 ? bits : bits & 15;
            Move(Vector128.LoadUnsafe(ref from, (nuint)used), ref shuffles, lower).StoreUnsafe(ref to, (nuint)i);
            used += BitOperations.PopCount(lower);
            if (Vector128<T>.Count == 4)
            {
                Move(Vector128.LoadUnsafe(ref from, (nuint)used), ref shuffles, bits >>> 4).StoreUnsafe(ref to, (nuint)(i + 4));
                used += BitOperations.PopCount(bits >>> 4);
            }
        }

        return (i, used);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<T> Move<T>(Vector128<T> numbers, ref byte shuffles, uint bits) =>
        Vector128.Shuffle(numbers.AsByte(), Vector128.LoadUnsafe(ref shuffles, 16 * bits)).As<byte, T>();
}
