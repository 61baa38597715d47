using FsCheck;
using FsCheck.Fluent;
using SweepCluster.Compression.Palettization.Tables;

namespace SweepCluster.Compression.Tests.Palettization.Tables;

public class NearestEntriesTests
{
    public static TheoryData<int> EdgeLengths => [0, 1, 15, 16, 17, 63, 64, 65, 127, 128, 129, 1000];

    [Theory, MemberData(nameof(EdgeLengths))]
    public void Encode_EveryLength_MatchesTheScalarDefinition(int length)
    {
        float[] values = [.. Enumerable.Range(0, length).Select(i => ((i * 37 % 101) - 50) / 16f)];
        foreach (int count in new[] { 1, 2, 3, 8, 15, 16 })
        {
            NearestEntries nearest = new([.. Enumerable.Range(0, count).Select(i => (i - (count / 2)) / 4f)]);
            byte[] expected = [.. Enumerable.Repeat((byte)255, length + 1)], actual = [.. expected]; // one more, to catch a write past the end
            nearest.Halve(values, expected);

            nearest.Encode(values, actual);

            Assert.Equal(expected, actual);
        }
    }

    [Theory, InlineData(100), InlineData(40_000)] // below and above the length from which float16 goes through a table of all patterns
    public void Encode_Halves_MatchesSingles(int length)
    {
        Half[] halves = [.. Enumerable.Range(0, length).Select(i => (Half)(((i * 7919 % 20011) - 10005) / 512f))];
        float[] singles = Array.ConvertAll(halves, half => (float)half);
        NearestEntries nearest = new([3, -7.5f, 0.25f, 12, -0.125f, 3]);
        byte[] expected = new byte[length], actual = new byte[length];
        nearest.Encode(singles, expected);

        nearest.Encode(halves, actual);

        Assert.Equal(expected, actual);
    }

    [Fact]
    public void Encode_BetweenTwoEntries_TakesTheLowerValueAndTheFirstOfEqualEntries()
    {
        byte[] codes = new byte[5];

        new NearestEntries([4, 2, 2, 0]).Encode([1f, 3, 2, -9, 9], codes);

        Assert.Equal([3, 1, 1, 3, 0], codes);
    }

    [Fact]
    public void Encode_AnyEntriesAndValues_NoOtherEntryIsNearer()
    {
        Gen<float> numbers = Gen.Choose(-1 << 20, 1 << 20).SelectMany(mantissa => Gen.Choose(-40, 20).Select(exponent => MathF.ScaleB(mantissa, exponent)));
        Gen<(float[], float[])> inputs = Gen.Choose(1, 256).SelectMany(count => Gen.ArrayOf(numbers, count)).SelectMany(entries => Gen.ArrayOf(numbers, 90).Select(values => (entries, values)));

        Prop.ForAll(inputs.ToArbitrary(), input =>
        {
            (float[] entries, float[] values) = input;
            byte[] codes = new byte[values.Length];

            new NearestEntries(entries).Encode(values, codes);

            for (int i = 0; i < values.Length; i++)
            {
                Assert.Equal(entries.Min(entry => Math.Abs((double)entry - values[i])), Math.Abs((double)entries[codes[i]] - values[i]));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20261120, 31));
    }
}
