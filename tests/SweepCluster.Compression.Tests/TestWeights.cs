using System.Collections.Immutable;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Tests;

internal static class TestWeights
{
    private static readonly ImmutableArray<WeightUse> s_uses = [new("y", "linear", "weight")];

    internal static Weight Of(ElementType type, Shape shape, float[] values, int outputAxis = 0, int inputAxis = 1) =>
        new("w", new DenseWeight(type, TensorData.FromFloats(type, shape, values)), s_uses, outputAxis, inputAxis);

    internal static Weight Half(Shape shape, params float[] values) => Of(ElementType.Float16, shape, values);

    internal static Weight Single(Shape shape, params float[] values) => Of(ElementType.Float32, shape, values);

    // Normal values by Box and Muller from a fixed seed.
    internal static float[] Normal(int count, int seed, double deviation = 0.05)
    {
        Random random = new(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = (float)(deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        }

        return values;
    }

    internal static CompressedWeight Compress(Weight weight, string scheme, DecodeArithmetic arithmetic = DecodeArithmetic.ScaleType) =>
        Compressors.Compress(new PreparedWeight(weight), SchemeText.Parse(scheme), new CompressOptions(arithmetic), CancellationToken.None);

    internal static T Compress<T>(Weight weight, string scheme)
        where T : CompressedWeight => Assert.IsType<T>(Compress(weight, scheme));

    internal static WeightError Error(Weight weight, CompressedWeight compressed) =>
        WeightError.Measure(Decompressor.ToFloat32(weight.Stored), Decompressor.ToFloat32(compressed));

}
