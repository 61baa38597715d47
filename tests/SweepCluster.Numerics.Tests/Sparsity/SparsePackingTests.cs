using System.Numerics;
using System.Runtime.Intrinsics;
using SweepCluster.Numerics.Sparsity;

namespace SweepCluster.Numerics.Tests.Sparsity;

public class SparsePackingTests
{
    private const byte Untouched = 0xEE;

    public static TheoryData<int> EdgeLengths => [0, 1, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 1000, 4099];

    // Worked by hand: magnitudes above 3 stay, of either sign; bit i is element i.
    [Fact]
    public void TryPack_ValuesWorkedByHand_GivesMaskAndValues()
    {
        ushort[] numbers = [.. new[] { 1f, -4, 3, 5, -3, 0, -0f, 8, 3.5f }.Select(value => BitConverter.HalfToUInt16Bits((Half)value))];
        byte[] mask = new byte[2];
        ushort[] kept = new ushort[4];

        int count = SparsePacking.TryPack(numbers, BitConverter.HalfToUInt16Bits((Half)3), mask, kept, out ushort largest);

        Assert.Equal(4, count);
        Assert.Equal([0b1000_1010, 1], mask);
        Assert.Equal([-4f, 5, 8, 3.5f], kept.Select(bits => (float)BitConverter.UInt16BitsToHalf(bits)));
        Assert.Equal((Half)8, BitConverter.UInt16BitsToHalf(largest));
    }

    [Theory, MemberData(nameof(EdgeLengths))]
    public void EveryPath_AnyLength_MatchesScalarBitForBit(int length)
    {
        foreach (double share in new[] { 0, 0.03, 0.5, 0.97, 1 })
        {
            Check<ushort>(length, share);
            Check<uint>(length, share);
        }
    }

    [Fact]
    public void TryPack_TooShort_GivesMinusOneOnEveryPath()
    {
        foreach (int length in new[] { 5, 40, 200 })
        {
            ushort[] numbers = [.. Enumerable.Repeat((ushort)9, length)];
            byte[] mask = new byte[SparsePacking.MaskLength(length)];

            Assert.Equal(-1, SparsePacking.TryPack<ushort>(numbers, 3, mask, new ushort[length - 1], out _));
            Assert.Equal(-1, SparsePacking.PackScalar<ushort>(numbers, 3, mask, new ushort[length - 1], out _));
            Assert.Equal(length, SparsePacking.TryPack<ushort>(numbers, 3, mask, new ushort[length], out _));
        }
    }

    [Fact]
    public void PackMasked_TooShort_Throws()
    {
        foreach (int length in new[] { 5, 40, 200 })
        {
            byte[] mask = [.. Enumerable.Repeat((byte)0xFF, SparsePacking.MaskLength(length))];

            Assert.Throws<ArgumentException>(() => SparsePacking.PackMasked<uint>(new uint[length], mask, new uint[length - 1]));
            Assert.Throws<ArgumentException>(() => SparsePacking.Expand<uint>(mask, new uint[length - 1], new uint[length]));
            Assert.Throws<ArgumentException>(() => SparsePacking.Expand<uint>(mask.AsSpan(1), new uint[length], new uint[length]));
        }
    }

    [Theory, MemberData(nameof(EdgeLengths))]
    public void Ones_AnyStartAndLength_CountsThoseBitsOnly(int length)
    {
        byte[] mask = new byte[SparsePacking.MaskLength(length) + 3];
        new Random(length).NextBytes(mask);

        foreach (int start in new[] { 0, 1, 7, 8, 13, 24 }.Where(start => start == 0 || start + length <= 8 * mask.Length))
        {
            int expected = Enumerable.Range(start, length).Count(i => (mask[i / 8] >> (i % 8) & 1) != 0);
            Assert.Equal(expected, SparsePacking.Ones(mask, start, length));
            Assert.True(start > 0 || expected == SparsePacking.Ones(mask, length));
        }
    }

    private static void Check<T>(int length, double share)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>, IMinMaxValue<T>
    {
        Random random = new(length);
        T threshold = T.MaxValue / T.CreateTruncating(4), sign = T.One << (int.CreateTruncating(T.PopCount(T.MaxValue)) - 1);
        T[] numbers = new T[length];
        for (int i = 0; i < length; i++)
        {
            // At the threshold itself, just above it, or anywhere on the right side; of either sign.
            T far = T.CreateTruncating(random.NextInt64()) % (threshold - T.One);
            T magnitude = random.NextDouble() < share ? threshold + T.One + (random.Next(3) == 0 ? T.Zero : far) : random.Next(3) == 0 ? threshold : far;
            numbers[i] = random.Next(2) == 0 ? magnitude : magnitude | sign;
        }

        (byte[] mask, T[] kept) = (new byte[SparsePacking.MaskLength(length)], new T[length]);
        int count = SparsePacking.PackScalar(numbers, threshold, mask, kept, out T largest);
        kept = kept[..count];
        Assert.Equal(numbers.Where(number => (number & ~sign) > threshold), kept);

        foreach (int room in new[] { 0, 1, 7, 64 }) // nothing behind what is kept, or something
        {
            // The whole, then each path that this machine has, finished by the scalar one.
            AssertPacked((byte[] bits, T[] to, out T most) => SparsePacking.TryPack(numbers, threshold, bits, to, out most));
            if (SparsePacking.HasVector128)
            {
                AssertPacked((byte[] bits, T[] to, out T most) => Finished(SparsePacking.PackVector128(numbers, threshold, bits, to, out most), bits, to, ref most));
            }

            void AssertPacked(Packing<T> pack)
            {
                byte[] actualMask = [.. Enumerable.Repeat(Untouched, mask.Length)];
                T[] actual = new T[count + room];

                Assert.Equal(count, pack(actualMask, actual, out T actualLargest));
                Assert.Equal(mask, actualMask);
                Assert.Equal(kept, actual[..count]);
                Assert.Equal(largest, actualLargest);
            }

            int Finished((int Done, int Count) head, byte[] bits, T[] to, ref T most)
            {
                int rest = SparsePacking.PackScalar(numbers.AsSpan(head.Done), threshold, bits.AsSpan(head.Done / 8), to.AsSpan(head.Count), out T mostOfRest);
                most = T.Max(most, mostOfRest);
                return head.Count + rest;
            }

            T[] masked = new T[count + room];
            Assert.Equal(count, SparsePacking.PackMasked(numbers, mask, masked));
            Assert.Equal(kept, masked[..count]);

            T[] expanded = new T[length + 1];
            expanded[length] = T.One;
            Assert.Equal(count, SparsePacking.Expand<T>(mask, masked, expanded.AsSpan(0, length)));
            Assert.Equal(numbers.Select(number => (number & ~sign) > threshold ? number : T.Zero).Append(T.One), expanded);
            CheckShuffles(numbers, mask, kept, masked, expanded);
        }

        Assert.Equal(count, Magnitudes.CountAbove(numbers, threshold, out T found));
        Assert.Equal(largest, found);
        Assert.Equal(Magnitudes.CountAboveScalar(numbers, threshold, out T definition), count);
        Assert.Equal(definition, found);
    }

    // The paths of 16 bytes, which a machine with wider registers does not take by itself.
    private static void CheckShuffles<T>(T[] numbers, byte[] mask, T[] kept, T[] masked, T[] expanded)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (!Vector128.IsHardwareAccelerated)
        {
            return;
        }

        T[] packed = new T[masked.Length], spread = new T[numbers.Length];
        (int done, int count) = SparsePacking.PackMaskedVector128(numbers, mask, packed);
        count += SparsePacking.PackMaskedScalar(numbers.AsSpan(done), mask.AsSpan(done / 8), packed.AsSpan(count));
        (done, int used) = SparsePacking.ExpandVector128(mask, masked, spread);
        used += SparsePacking.ExpandScalar(mask.AsSpan(done / 8), masked.AsSpan(used), spread.AsSpan(done));

        Assert.Equal((kept.Length, kept.Length), (count, used));
        Assert.Equal(kept, packed[..count]);
        Assert.Equal(expanded[..^1], spread);
    }

    private delegate int Packing<T>(byte[] mask, T[] kept, out T largest);
}
