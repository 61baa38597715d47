using System.Numerics;
using System.Runtime.InteropServices;
using SweepCluster.Numerics.Sparsity;

namespace SweepCluster.Numerics.Tests.Sparsity;

public class MagnitudeSelectionTests
{
    // Lengths on either side of the sampled path, and what breaks its bracket: ties, two values, sorted, one far value.
    public static TheoryData<int, string> Sequences()
    {
        TheoryData<int, string> cases = [];
        foreach (int length in new[] { 1, 2, 100, 65_535, 65_536, 300_001 })
        {
            foreach (string kind in new[] { "normal", "constant", "zero", "two", "sorted", "few", "rows" })
            {
                cases.Add(length, kind);
            }
        }

        return cases;
    }

    [Theory, MemberData(nameof(Sequences))]
    public void AtRank_AnySequence_GivesWhatASortGives(int length, string kind)
    {
        float[] values = [.. Values(length, kind)];
        Check<uint>(Array.ConvertAll(values, BitConverter.SingleToUInt32Bits));
        Check<ushort>(Array.ConvertAll(values, value => BitConverter.HalfToUInt16Bits((Half)value)));
    }

    private static void Check<T>(T[] numbers)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>, IMinMaxValue<T>
    {
        T[] sorted = [.. numbers.Select(number => number & (T.MaxValue >>> 1)).Order()];
        byte[] bytes = MemoryMarshal.AsBytes<T>(numbers).ToArray();
        int last = numbers.Length - 1;
        foreach (int rank in new[] { 0, 1, last / 100, last / 2, (int)(last * 0.9), last - 1, last }.Where(rank => rank >= 0 && rank <= last))
        {
            (T, T) expected = (sorted[rank], sorted[Math.Min(rank + 1, last)]);

            Assert.Equal(expected, MagnitudeSelection.AtRankByHistogram<T>(numbers, rank));
            Assert.Equal(expected, MagnitudeSelection.AtRank<T>(bytes, rank, 1));
            Assert.Equal(expected, MagnitudeSelection.AtRank<T>(bytes, rank, 3));
        }
    }

    private static IEnumerable<float> Values(int length, string kind)
    {
        Random random = new(length);
        for (int i = 0; i < length; i++)
        {
            yield return kind switch
            {
                "normal" => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())),
                "constant" => -0.25f,
                "zero" => i % 2 == 0 ? 0f : -0f,
                "two" => i < length / 2 ? -1f : 2f,
                "sorted" => i * 1e-4f,
                "few" => random.Next(-4, 5) * 0.5f,
                _ => i % 64 == 0 ? 100f : (float)random.NextDouble(), // every 64th element is far out
            };
        }
    }
}
