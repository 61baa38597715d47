using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;
using SweepCluster.Numerics.Packing;

namespace SweepCluster.Compression.Tests.Palettization;

public class BinnedPaletteTests
{
    public static TheoryData<string, int> Cases()
    {
        TheoryData<string, int> cases = [];
        foreach (string kind in new[] { "normal", "heavy", "uniform", "outliers", "tiny", "weighted" })
        {
            foreach (int bits in new[] { 1, 4, 8 })
            {
                cases.Add(kind, bits);
            }
        }

        return cases;
    }

    // The stated bound, by the exact result.
    [Theory, MemberData(nameof(Cases))]
    public void Compress_Binned_StaysWithinTheBound(string kind, int bits)
    {
        (float[] values, float[] importances) = Draw(kind, 20_000);
        Weight weight = TestWeights.Single(new Shape(100, 200), values);
        double rounding = DistinctValues.BinRounding(values, importances);

        PalettizedWeight exact = Compress(weight, importances, $"palettize(nbits={bits})"), binned = Compress(weight, importances, $"palettize(nbits={bits}, distinct=binned)");

        double optimum = Error(values, importances, exact), error = Error(values, importances, binned);
        Assert.InRange(Math.Sqrt(error), Math.Sqrt(optimum) * (1 - 1e-6), (Math.Sqrt(optimum) * (1 + 1e-6)) + (2 * Math.Sqrt(rounding)));
        Assert.InRange(Math.Sqrt(error), 0, Math.Sqrt(optimum) * 1.02); // what it comes to
    }

    [Fact]
    public void Compress_Binned_PutsEveryElementAtItsNearestEntry()
    {
        float[] values = TestWeights.Normal(20_000, 3);
        PalettizedWeight compressed = Compress(TestWeights.Single(new Shape(100, 200), values), [], "palettize(nbits=6, distinct=binned)");

        float[] table = compressed.Table.ToFloat32();
        int[] indices = compressed.Indices.ToInt32();
        for (int i = 0; i < values.Length; i++)
        {
            Assert.Equal(table.Min(entry => Math.Abs((double)values[i] - entry)), Math.Abs((double)values[i] - table[indices[i]]));
        }
    }

    [Fact]
    public void Compress_BinnedHalf_IsExactAsEver()
    {
        Weight weight = TestWeights.Half(new Shape(20, 50), TestWeights.Normal(1000, 4));

        PalettizedWeight exact = Compress(weight, [], "palettize(nbits=4)"), binned = Compress(weight, [], "palettize(nbits=4, distinct=binned)");

        Assert.Equal(exact.Indices.Bytes.ToArray(), binned.Indices.Bytes.ToArray());
        Assert.Equal(exact.Table.ToFloat32(), binned.Table.ToFloat32());
    }

    // Constants, one element, both zeros, denormals, the whole range of float32.
    [Theory]
    [InlineData(0.3f)]
    [InlineData(0.1f, 0.1f, 0.1f)]
    [InlineData(0f, -0f, 0f, 1f)]
    [InlineData(1e-45f, 0f, 3e-45f, -1e-45f)]
    [InlineData(float.MaxValue, float.MinValue, 0f, 0f)]
    public void Compress_BinnedFewValues_IsExact(params float[] values) =>
        Assert.Equal(Array.ConvertAll(values, value => value + 0f), Decompressor.ToFloat32(Compress(TestWeights.Single(new Shape(1, values.Length), values), [], "palettize(nbits=2, distinct=binned)")));

    private static (float[] Values, float[] Importances) Draw(string kind, int count)
    {
        float[] normal = TestWeights.Normal(count, 177);
        Random random = new(178);
        return kind switch
        {
            "heavy" => (Array.ConvertAll(normal, value => value * value * value), []),
            "uniform" => (Array.ConvertAll(normal, _ => random.NextSingle()), []),
            "outliers" => ([1e20f, -3e18f, .. normal[2..]], []),
            "tiny" => (Array.ConvertAll(normal, value => value * 1e-42f), []),
            "weighted" => (normal, Array.ConvertAll(normal, _ => MathF.Pow(random.NextSingle(), 6))),
            _ => (normal, []),
        };
    }

    private static PalettizedWeight Compress(Weight weight, float[] importances, string scheme) => Assert.IsType<PalettizedWeight>(
        Compressors.Compress(new PreparedWeight(weight, importances), SchemeText.Parse(scheme), new CompressOptions(DecodeArithmetic.ScaleType), CancellationToken.None));

    private static double Error(float[] source, float[] importances, PalettizedWeight compressed)
    {
        float[] decoded = Decompressor.ToFloat32(compressed);
        return Enumerable.Range(0, source.Length).Sum(i => (importances.Length == 0 ? 1 : importances[i]) * ((double)source[i] - decoded[i]) * ((double)source[i] - decoded[i]));
    }
}
