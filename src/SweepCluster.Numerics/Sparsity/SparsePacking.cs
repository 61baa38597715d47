using System.Numerics;
using System.Runtime.InteropServices;

namespace SweepCluster.Numerics.Sparsity;

/// <summary>Numbers to and from a bit mask and the numbers where the mask is 1: bit i of the mask is element i, least significant bit first.</summary>
/// <remarks>Numbers are <see cref="ushort"/> (bits of float16) or <see cref="uint"/> (of float32). Every path gives the same bits. Allocates nothing.</remarks>
public static partial class SparsePacking
{
    /// <summary>Bytes of a mask; the last one is filled up with zero bits.</summary>
    /// <param name="count">Number of elements, 0 or more.</param>
    public static int MaskLength(int count) => (int)(((long)count + 7) / 8);

    /// <summary>Keeps the numbers whose magnitude is above a threshold, and finds the largest magnitude.</summary>
    /// <typeparam name="T"><see cref="ushort"/> or <see cref="uint"/>.</typeparam>
    /// <param name="numbers">Bits of the numbers.</param>
    /// <param name="threshold">Bits of a number of 0 or more; so no zero is ever kept.</param>
    /// <param name="mask">Receives <see cref="MaskLength"/> bytes.</param>
    /// <param name="kept">Receives the kept numbers in order; the rest is untouched or written over.</param>
    /// <param name="largest">Receives the bits of the largest magnitude, kept or not; 0 where there is none.</param>
    /// <returns>How many were kept, or -1 where <paramref name="kept"/> is too short; then nothing that was written means anything.</returns>
    /// <exception cref="ArgumentException"><paramref name="mask"/> is too short.</exception>
    public static int TryPack<T>(ReadOnlySpan<T> numbers, T threshold, Span<byte> mask, Span<T> kept, out T largest)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>, IMinMaxValue<T>
    {
        CheckMask(numbers.Length, mask.Length);
        int done = 0, count = 0;
        T most = T.Zero;
        if (HasVector512<T>())
        {
            (done, count) = PackVector512(numbers, threshold, mask, kept, out most);
        }
        else if (HasVector128)
        {
            (done, count) = PackVector128(numbers, threshold, mask, kept, out most);
        }

        largest = most;
        if (count < 0)
        {
            return -1;
        }

        int rest = PackScalar(numbers[done..], threshold, mask[(done / 8)..], kept[count..], out T mostOfRest);
        largest = T.Max(most, mostOfRest);
        return rest < 0 ? -1 : count + rest;
    }

    /// <summary>Keeps the numbers where a mask is 1.</summary>
    /// <typeparam name="T"><see cref="ushort"/> or <see cref="uint"/>.</typeparam>
    /// <param name="numbers">Any bits.</param>
    /// <param name="mask">At least <see cref="MaskLength"/> bytes.</param>
    /// <param name="kept">Receives the kept numbers in order; the rest is untouched or written over.</param>
    /// <returns>How many were kept.</returns>
    /// <exception cref="ArgumentException"><paramref name="mask"/> or <paramref name="kept"/> is too short.</exception>
    public static int PackMasked<T>(ReadOnlySpan<T> numbers, ReadOnlySpan<byte> mask, Span<T> kept)
        where T : unmanaged, IBinaryInteger<T>
    {
        CheckMask(numbers.Length, mask.Length);
        int done = 0, count = 0;
        if (HasVector512<T>())
        {
            (done, count) = PackMaskedVector512(numbers, mask, kept);
        }
        else if (HasVector128)
        {
            (done, count) = PackMaskedVector128(numbers, mask, kept);
        }

        if (count < 0)
        {
            ThrowShort(kept.Length);
        }

        return count + PackMaskedScalar(numbers[done..], mask[(done / 8)..], kept[count..]);
    }

    /// <summary>Puts numbers back where a mask is 1, and 0 elsewhere.</summary>
    /// <typeparam name="T"><see cref="ushort"/> or <see cref="uint"/>.</typeparam>
    /// <param name="mask">At least <see cref="MaskLength"/> bytes for as many elements as <paramref name="numbers"/> takes.</param>
    /// <param name="kept">The numbers where the mask is 1, in order; may be more.</param>
    /// <param name="numbers">Receives one number an element.</param>
    /// <returns>How many of <paramref name="kept"/> were used.</returns>
    /// <exception cref="ArgumentException"><paramref name="mask"/> or <paramref name="kept"/> is too short.</exception>
    public static int Expand<T>(ReadOnlySpan<byte> mask, ReadOnlySpan<T> kept, Span<T> numbers)
        where T : unmanaged, IBinaryInteger<T>
    {
        CheckMask(numbers.Length, mask.Length);
        int done = 0, used = 0;
        if (HasVector512<T>())
        {
            (done, used) = ExpandVector512(mask, kept, numbers);
        }
        else if (HasVector128)
        {
            (done, used) = ExpandVector128(mask, kept, numbers);
        }

        return used + ExpandScalar(mask[(done / 8)..], kept[used..], numbers[done..]);
    }

    /// <summary>Counts the ones among the first bits of a mask.</summary>
    /// <param name="mask">At least <see cref="MaskLength"/> bytes.</param>
    /// <param name="count">Bits to look at, 0 or more.</param>
    /// <exception cref="ArgumentException"><paramref name="mask"/> is too short.</exception>
    public static int Ones(ReadOnlySpan<byte> mask, int count)
    {
        CheckMask(count, mask.Length);
        int ones = 0;
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(mask[..(count / 8)]))
        {
            ones += BitOperations.PopCount(word);
        }

        for (int i = count / 64 * 8; i < count / 8; i++)
        {
            ones += BitOperations.PopCount(mask[i]);
        }

        return ones + ((count & 7) == 0 ? 0 : BitOperations.PopCount((uint)(mask[count / 8] & ((1 << (count & 7)) - 1))));
    }

    /// <summary>Counts the ones among some bits of a mask.</summary>
    /// <param name="mask">Bytes up to the last of those bits.</param>
    /// <param name="start">First bit, 0 or more.</param>
    /// <param name="count">Bits to look at, 0 or more.</param>
    /// <exception cref="ArgumentException"><paramref name="mask"/> is too short.</exception>
    public static int Ones(ReadOnlySpan<byte> mask, int start, int count)
    {
        int head = Math.Min(count, -start & 7);
        int ones = head == 0 ? 0 : BitOperations.PopCount((uint)(mask[start >> 3] >> (start & 7) & ((1 << head) - 1)));
        return ones + Ones(mask[((start + head) >> 3)..], count - head);
    }

    // The definitions: tests hold every other path to them. They also finish the tails. No branch on a value: each is written, and the next one writes over those that go.
    internal static int PackScalar<T>(ReadOnlySpan<T> numbers, T threshold, Span<byte> mask, Span<T> kept, out T largest)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>, IMinMaxValue<T>
    {
        T noSign = T.MaxValue >>> 1;
        int count = 0;
        largest = T.Zero;
        for (int i = 0; i < numbers.Length; i += 8)
        {
            int bits = 0, end = Math.Min(8, numbers.Length - i);
            for (int bit = 0; bit < end; bit++)
            {
                T number = numbers[i + bit], magnitude = number & noSign;
                int keep = magnitude > threshold ? 1 : 0;
                largest = T.Max(largest, magnitude);
                bits |= keep << bit;
                if (count < kept.Length)
                {
                    kept[count] = number;
                }
                else if (keep != 0)
                {
                    return -1;
                }

                count += keep;
            }

            mask[i >> 3] = (byte)bits;
        }

        return count;
    }

    internal static int PackMaskedScalar<T>(ReadOnlySpan<T> numbers, ReadOnlySpan<byte> mask, Span<T> kept)
        where T : unmanaged
    {
        int count = 0;
        for (int i = 0; i < numbers.Length; i++)
        {
            int keep = (mask[i >> 3] >> (i & 7)) & 1;
            if (count < kept.Length)
            {
                kept[count] = numbers[i];
            }
            else if (keep != 0)
            {
                ThrowShort(kept.Length);
            }

            count += keep;
        }

        return count;
    }

    internal static int ExpandScalar<T>(ReadOnlySpan<byte> mask, ReadOnlySpan<T> kept, Span<T> numbers)
        where T : unmanaged
    {
        int used = 0;
        for (int i = 0; i < numbers.Length; i++)
        {
            bool isKept = ((mask[i >> 3] >> (i & 7)) & 1) != 0;
            if (isKept && used == kept.Length)
            {
                ThrowShort(kept.Length);
            }

            numbers[i] = isKept ? kept[used++] : default;
        }

        return used;
    }

    private static void CheckMask(int count, int found)
    {
        if (found < MaskLength(count))
        {
            throw new ArgumentException($"A mask of {count} elements takes {MaskLength(count)} bytes, found {found}.");
        }
    }

    private static void ThrowShort(int found) => throw new ArgumentException($"The mask has more ones than there are kept numbers: {found}.");
}
