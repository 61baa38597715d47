using System.Runtime.InteropServices;
using SweepCluster.Compression.Palettization;

namespace SweepCluster.Compression.Tests.Palettization;

public class PaletteCoderTests
{
    public static TheoryData<int, int> SizesAndLengths()
    {
        TheoryData<int, int> cases = [];
        foreach (int size in new[] { 2, 4, 8, 16, 64, 256 })
        {
            foreach (int length in new[] { 0, 1, 15, 16, 31, 32, 63, 64, 65, 127, 128, 1000 })
            {
                cases.Add(size, length);
            }
        }

        return cases;
    }

    [Theory, MemberData(nameof(SizesAndLengths))]
    public void Encode_Singles_IsTheNearestEntryOnEveryPath(int size, int length)
    {
        float[] entries = [.. TestWeights.Normal(size - 1, size).Order()]; // one entry of the table is not used
        float[] bounds = PaletteBounds.OfSingles(entries, size);
        float[] values = [.. TestWeights.Normal(length, 7), .. bounds];
        byte[] scalar = new byte[values.Length], actual = new byte[values.Length + 1];
        PaletteCoder.EncodeScalar(values, bounds, scalar);

        PaletteCoder.Encode(values, bounds, actual);

        Assert.Equal([.. scalar, 0], actual);
        if (size <= 16)
        {
            byte[] vector = new byte[values.Length];
            int done = PaletteCoder.EncodeVector512(values, bounds, vector);
            Assert.Equal(values.Length / 64 * 64, done);
            Assert.Equal(scalar[..done], vector[..done]);
        }

        for (int i = 0; i < length; i++)
        {
            Assert.Equal(Array.FindIndex(entries, entry => Distance(entry) == entries.Min(Distance)), scalar[i]);
            double Distance(float entry) => Math.Abs((double)values[i] - entry);
        }
    }

    // Every finite float16 there is, by halving, by vectors and by table.
    [Theory, InlineData(2), InlineData(4), InlineData(8), InlineData(16), InlineData(64), InlineData(256)]
    public void Encode_Halves_IsTheNearestEntryOnEveryPath(int size)
    {
        foreach (float scale in new[] { 1f, 1e-6f, 60000f })
        {
            float[] entries = [.. TestWeights.Normal(size, size, 1).Select(value => (float)(Half)(scale * Math.Clamp(value, -1, 1))).Order()];
            Half[] values = [.. Enumerable.Range(0, 65536).Select(bits => BitConverter.UInt16BitsToHalf((ushort)bits)).Where(Half.IsFinite)];
            short[] bounds = PaletteBounds.OfHalves(entries, size);
            byte[] scalar = new byte[values.Length], searched = new byte[values.Length], looked = new byte[values.Length], table = new byte[65536];
            PaletteCoder.EncodeScalar(MemoryMarshal.Cast<Half, ushort>(values.AsSpan()), bounds, scalar);

            PaletteCoder.Encode(values, bounds, searched);
            PaletteCoder.FillTable(bounds, table);
            PaletteCoder.Encode(values, (ReadOnlySpan<byte>)table, looked);

            Assert.Equal(scalar, searched);
            Assert.Equal(scalar, looked);
            if (size <= 16)
            {
                byte[] vector = new byte[values.Length];
                int done = PaletteCoder.EncodeVector512(MemoryMarshal.Cast<Half, ushort>(values.AsSpan()), bounds, vector);
                Assert.Equal(scalar[..done], vector[..done]);
            }

            for (int i = 0; i < values.Length; i += 7)
            {
                double value = (double)values[i];
                Assert.Equal(entries.Min(entry => Math.Abs(value - entry)), Math.Abs(value - entries[scalar[i]]));
            }
        }
    }

    [Fact]
    public void OfHalves_ValueBetweenTwoEntries_GoesToTheLower()
    {
        short[] bounds = PaletteBounds.OfHalves([-3, -1, 1, 4], 4);
        byte[] codes = new byte[9];

        PaletteCoder.Encode(Array.ConvertAll(new float[] { -4, -2, -1.999f, -0f, 0, 0.001f, 2.5f, 2.502f, 65504 }, value => (Half)value), bounds, codes);

        Assert.Equal([0, 0, 1, 1, 1, 2, 2, 3, 3], codes);
    }

    [Fact]
    public void OfSingles_ValueBetweenTwoEntries_GoesToTheLower()
    {
        float[] bounds = PaletteBounds.OfSingles([-3, -1, 1, 4], 4);
        byte[] codes = new byte[9];

        PaletteCoder.Encode([float.MinValue, -2, -1.9999999f, -0f, 0, float.Epsilon, 2.5f, 2.5000002f, float.MaxValue], bounds, codes);

        Assert.Equal([0, 0, 1, 1, 1, 2, 2, 3, 3], codes);
    }
}
