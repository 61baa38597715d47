using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SweepCluster.Numerics.Sparsity;

/// <content>Whole registers of 64 bytes, moved together and apart by instructions of their own.</content>
public static partial class SparsePacking
{
    internal static bool HasVector512<T>() => typeof(T) == typeof(ushort) ? Avx512Vbmi2.IsSupported && BitConverter.IsLittleEndian : typeof(T) == typeof(uint) && Avx512F.IsSupported;

    // Each returns how many numbers were done, a multiple of 8, and how many kept ones were written or read. A step writes a whole register, of which the next step writes over what was
    // not kept; where fewer places than that are left, the register goes through a buffer.
    internal static (int Done, int Count) PackVector512<T>(ReadOnlySpan<T> numbers, T threshold, Span<byte> mask, Span<T> kept, out T largest)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>, IMinMaxValue<T>
    {
        int lanes = Vector512<T>.Count, i = 0, count = 0;
        ref T from = ref MemoryMarshal.GetReference(numbers), to = ref MemoryMarshal.GetReference(kept);
        ref byte bitsTo = ref MemoryMarshal.GetReference(mask);
        Vector512<T> noSign = Vector512.Create(T.MaxValue >>> 1), limit = Vector512.Create(threshold), most = default;
        for (; i <= numbers.Length - lanes && count <= kept.Length - lanes; i += lanes)
        {
            Vector512<T> number = Vector512.LoadUnsafe(ref from, (nuint)i), magnitude = number & noSign, keep = Vector512.GreaterThan(magnitude, limit);
            ulong bits = keep.ExtractMostSignificantBits();
            most = Vector512.Max(most, magnitude);
            StoreBits<T>(ref bitsTo, i, bits);
            Compress(number, keep).StoreUnsafe(ref to, (nuint)count);
            count += BitOperations.PopCount(bits);
        }

        for (; i <= numbers.Length - lanes && count >= 0; i += lanes)
        {
            Vector512<T> number = Vector512.LoadUnsafe(ref from, (nuint)i), magnitude = number & noSign, keep = Vector512.GreaterThan(magnitude, limit);
            ulong bits = keep.ExtractMostSignificantBits();
            most = Vector512.Max(most, magnitude);
            StoreBits<T>(ref bitsTo, i, bits);
            count = CopyFirst(Compress(number, keep), BitOperations.PopCount(bits), kept, count);
        }

        largest = Magnitudes.Largest(most);
        return (i, count);
    }

    internal static (int Done, int Count) PackMaskedVector512<T>(ReadOnlySpan<T> numbers, ReadOnlySpan<byte> mask, Span<T> kept)
        where T : unmanaged, IBinaryInteger<T>
    {
        int lanes = Vector512<T>.Count, i = 0, count = 0;
        ref T from = ref MemoryMarshal.GetReference(numbers), to = ref MemoryMarshal.GetReference(kept);
        ref byte bitsFrom = ref MemoryMarshal.GetReference(mask);
        for (; i <= numbers.Length - lanes && count <= kept.Length - lanes; i += lanes)
        {
            uint bits = LoadBits<T>(ref bitsFrom, i);
            Compress(Vector512.LoadUnsafe(ref from, (nuint)i), Lanes<T>(bits)).StoreUnsafe(ref to, (nuint)count);
            count += BitOperations.PopCount(bits);
        }

        for (; i <= numbers.Length - lanes && count >= 0; i += lanes)
        {
            uint bits = LoadBits<T>(ref bitsFrom, i);
            count = CopyFirst(Compress(Vector512.LoadUnsafe(ref from, (nuint)i), Lanes<T>(bits)), BitOperations.PopCount(bits), kept, count);
        }

        return (i, count);
    }

    internal static (int Done, int Used) ExpandVector512<T>(ReadOnlySpan<byte> mask, ReadOnlySpan<T> kept, Span<T> numbers)
        where T : unmanaged, IBinaryInteger<T>
    {
        int lanes = Vector512<T>.Count, i = 0, used = 0;
        ref T from = ref MemoryMarshal.GetReference(kept), to = ref MemoryMarshal.GetReference(numbers);
        ref byte bitsFrom = ref MemoryMarshal.GetReference(mask);
        for (; i <= numbers.Length - lanes && used <= kept.Length - lanes; i += lanes)
        {
            uint bits = LoadBits<T>(ref bitsFrom, i);
            Expand(Vector512.LoadUnsafe(ref from, (nuint)used), Lanes<T>(bits)).StoreUnsafe(ref to, (nuint)i);
            used += BitOperations.PopCount(bits);
        }

        Span<T> rest = stackalloc T[lanes];
        for (; i <= numbers.Length - lanes; i += lanes)
        {
            uint bits = LoadBits<T>(ref bitsFrom, i);
            int ones = BitOperations.PopCount(bits);
            if (used + ones > kept.Length)
            {
                ThrowShort(kept.Length);
            }

            kept.Slice(used, ones).CopyTo(rest);
            Expand(Vector512.Create<T>(rest), Lanes<T>(bits)).StoreUnsafe(ref to, (nuint)i);
            used += ones;
        }

        return (i, used);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreBits<T>(ref byte to, int element, ulong bits)
    {
        ref byte at = ref Unsafe.Add(ref to, element >>> 3);
        if (typeof(T) == typeof(ushort))
        {
            Unsafe.WriteUnaligned(ref at, (uint)bits);
        }
        else
        {
            Unsafe.WriteUnaligned(ref at, (ushort)bits);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint LoadBits<T>(ref byte from, int element)
    {
        ref byte at = ref Unsafe.Add(ref from, element >>> 3);
        return typeof(T) == typeof(ushort) ? Unsafe.ReadUnaligned<uint>(ref at) : Unsafe.ReadUnaligned<ushort>(ref at);
    }

    // All ones in the lanes whose bit is set.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Lanes<T>(uint bits)
    {
        if (typeof(T) == typeof(ushort))
        {
            Vector256<ushort> bit = Vector256.Create((ushort)1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768);
            Vector512<ushort> own = Vector512.Create(bit, bit);
            Vector512<ushort> all = Vector512.Create(Vector256.Create((ushort)bits), Vector256.Create((ushort)(bits >>> 16)));
            return Vector512.Equals(all & own, own).As<ushort, T>();
        }
        else
        {
            Vector512<uint> own = Vector512.Create(1u, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768);
            return Vector512.Equals(Vector512.Create(bits) & own, own).As<uint, T>();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<T> Compress<T>(Vector512<T> numbers, Vector512<T> keep) => typeof(T) == typeof(ushort)
        ? Avx512Vbmi2.Compress(Vector512<ushort>.Zero, keep.As<T, ushort>(), numbers.As<T, ushort>()).As<ushort, T>()
        : Avx512F.Compress(Vector512<uint>.Zero, keep.As<T, uint>(), numbers.As<T, uint>()).As<uint, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Expand<T>(Vector512<T> kept, Vector512<T> lanes) => typeof(T) == typeof(ushort)
        ? Avx512Vbmi2.Expand(Vector512<ushort>.Zero, lanes.As<T, ushort>(), kept.As<T, ushort>()).As<ushort, T>()
        : Avx512F.Expand(Vector512<uint>.Zero, lanes.As<T, uint>(), kept.As<T, uint>()).As<uint, T>();

    // Copies the first numbers of a register behind what was kept so far; -1 where they do not fit.
    private static int CopyFirst<T>(Vector512<T> compressed, int ones, Span<T> kept, int count)
        where T : unmanaged
    {
        if (count + ones > kept.Length)
        {
            return -1;
        }

        Span<T> first = stackalloc T[Vector512<T>.Count];
        compressed.CopyTo(first);
        first[..ones].CopyTo(kept[count..]);
        return count + ones;
    }
}
