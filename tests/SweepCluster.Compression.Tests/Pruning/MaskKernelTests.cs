using SweepCluster.Compression.Pruning;

namespace SweepCluster.Compression.Tests.Pruning;

// Masks made a register at a time against the definition; the test script runs these again on narrower instruction sets.
public class MaskKernelTests
{
    [Theory]
    [InlineData(1, 2)]
    [InlineData(1, 4)]
    [InlineData(2, 4)]
    [InlineData(3, 4)]
    public void PatternMask_RunsSideBySide_MatchesTheDefinition(int n, int m)
    {
        // Every order of four magnitudes with every tie, among them zero, the smallest and the largest ones, with signs; and lengths that fill no register.
        uint[] magnitudes = [0, 1, 0x3F80_0000, 0x7F7F_FFFF];
        ushort[] halfMagnitudes = [0, 1, 0x3C00, 0x7BFF];
        Random random = new(n + (10 * m));
        foreach (int runs in new[] { 1, 3, 4, 8, 9, 256, 1000 })
        {
            uint[] numbers = new uint[4 * runs];
            ushort[] halves = new ushort[4 * runs];
            for (int i = 0; i < numbers.Length; i++)
            {
                int magnitude = (i / 4 >> (2 * (i % 4))) & 3;
                uint sign = (uint)random.Next(2);
                numbers[i] = magnitudes[magnitude] | (sign << 31);
                halves[i] = (ushort)(halfMagnitudes[magnitude] | (sign << 15));
            }

            AxisView view = new(1, numbers.Length, 1);
            Assert.Equal(PatternMask.OfRuns<uint>(numbers, view, n, m), PatternMask.Of<uint>(numbers, view, n, m));
            Assert.Equal(PatternMask.OfRuns<ushort>(halves, view, n, m), PatternMask.Of<ushort>(halves, view, n, m));
        }
    }

    [Theory, InlineData(1), InlineData(15), InlineData(16), InlineData(17), InlineData(1000)]
    public void BlockMask_AnyLength_MatchesTheDefinition(int length)
    {
        Random random = new(length);
        float[] norms = [.. Enumerable.Range(0, length).Select(_ => random.Next(4) switch { 0 => 1f, 1 => MathF.BitIncrement(1), 2 => float.PositiveInfinity, _ => 0f })];
        uint[] numbers = [.. Enumerable.Range(0, length).Select(_ => random.Next(4) switch { 0 => 0u, 1 => 0x8000_0000, 2 => 1u, _ => 0xBF80_0000 })];
        ushort[] halves = [.. Enumerable.Range(0, length).Select(_ => (ushort)(random.Next(4) switch { 0 => 0, 1 => 0x8000, 2 => 1, _ => 0xBC00 }))];
        byte[] expected = new byte[(length + 7) / 8], expectedHalves = [.. expected];

        BlockMask.OfEach<uint>(numbers, norms, 1, expected);
        BlockMask.OfEach<ushort>(halves, norms, 1, expectedHalves);

        Assert.Equal(expected, BlockMask.Of<uint>(numbers, norms, 1));
        Assert.Equal(expectedHalves, BlockMask.Of<ushort>(halves, norms, 1));
    }
}
