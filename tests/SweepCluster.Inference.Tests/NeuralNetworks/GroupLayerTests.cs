using SweepCluster.Formats.CoreMl.Protos;
using static SweepCluster.Inference.Tests.NeuralNetworks.SmallNetwork;

namespace SweepCluster.Inference.Tests.NeuralNetworks;

/// <summary>Normalisations, reductions and products, against their formulas in double precision.</summary>
public sealed class GroupLayerTests
{
    private const int Channels = 5, Height = 3, Width = 4, Plane = Height * Width;

    private static readonly float[] s_values = Numbers(Channels * Plane, 11);

    [Fact]
    public void Batchnorm_GivenMoments_ScalesEachChannel()
    {
        float[] gamma = Numbers(Channels, 1), beta = Numbers(Channels, 2), mean = Numbers(Channels, 3), variance = [0.5f, 1, 2, 0.25f, 3];
        BatchnormLayerParams layer = new() { Channels = Channels, Epsilon = 0.01f, Gamma = Values(gamma), Beta = Values(beta), Mean = Values(mean), Variance = Values(variance) };
        Near(
            [.. s_values.Select((x, i) => (gamma[i / Plane] * (x - (double)mean[i / Plane]) / Math.Sqrt(variance[i / Plane] + 0.01f)) + beta[i / Plane])],
            Run(new NeuralNetworkLayer { Batchnorm = layer }));
    }

    [Fact]
    public void Batchnorm_OfItsOwnMoments_NormalizesEachChannel()
    {
        float[] gamma = Numbers(Channels, 1), beta = Numbers(Channels, 2);
        BatchnormLayerParams layer = new() { Channels = Channels, ComputeMeanVar = true, InstanceNormalization = true, Gamma = Values(gamma), Beta = Values(beta) };
        Near([.. Normal(Plane, 1e-5).Select((x, i) => (gamma[i / Plane] * x) + beta[i / Plane])], Run(new NeuralNetworkLayer { Batchnorm = layer }));
    }

    [Fact]
    public void MeanVariance_EachSetting_TakesItsGroups()
    {
        Near(Normal(Plane, 1e-6), Run(new NeuralNetworkLayer { Mvn = new() { NormalizeVariance = true } }));
        Near(Normal(Channels * Plane, 0.1f), Run(new NeuralNetworkLayer { Mvn = new() { NormalizeVariance = true, AcrossChannels = true, Epsilon = 0.1f } }));
        Near([.. s_values.Select((x, i) => x - s_values.Chunk(Plane).ElementAt(i / Plane).Average(value => (double)value))], Run(new NeuralNetworkLayer { Mvn = new() }));
    }

    [Fact]
    public void LayerNormalization_OverRowsAndColumns_TakesAnElementsOwnNumbers()
    {
        float[] gamma = Numbers(Plane, 4), beta = Numbers(Plane, 5);
        LayerNormalizationLayerParams layer = new() { NormalizedShape = { Height, Width }, Eps = 0.001f, Gamma = Values(gamma), Beta = Values(beta) };
        float[] actual = new SmallNetwork([Channels, Height, Width], isExact: true).Add(new NeuralNetworkLayer { LayerNormalization = layer }).Run(s_values);
        Near([.. Normal(Plane, 0.001f).Select((x, i) => (gamma[i % Plane] * x) + beta[i % Plane])], actual);
    }

    [Theory]
    [InlineData(3, 0.75f)]
    [InlineData(5, 0.5f)]
    [InlineData(1, 1.3f)]
    public void LocalResponse_AnySize_SumsTheChannelsAround(int size, float beta)
    {
        NeuralNetworkLayer layer = new() { Lrn = new() { Alpha = 0.3f, Beta = beta, LocalSize = (ulong)size } };
        Near(
            [.. s_values.Select((x, i) =>
            {
                double sum = Enumerable.Range((i / Plane) - (size / 2), size).Where(c => c is >= 0 and < Channels).Sum(c => Math.Pow(s_values[(c * Plane) + (i % Plane)], 2));
                return x / Math.Pow(1 + (0.3f / size * sum), beta); // k is 1 where the file has none
            })],
            Run(layer));
    }

    [Fact]
    public void SoftmaxAndLength_OnAPicture_RunOverItsOwnAxes()
    {
        Near(
            [.. s_values.Select((x, i) => Math.Exp(x) / Enumerable.Range(0, Channels).Sum(c => Math.Exp(s_values[(c * Plane) + (i % Plane)])))],
            Run(new NeuralNetworkLayer { Softmax = new() }));
        double length = Math.Sqrt(s_values.Sum(x => (double)x * x) + 0.5);
        Near([.. s_values.Select(x => x / length)], Run(new NeuralNetworkLayer { L2Normalize = new() { Epsilon = 0.5f } }));
        float[] rows = new SmallNetwork([Channels, Plane], isExact: true).Add(new NeuralNetworkLayer { SoftmaxND = new() { Axis = -1 } }).Run(s_values);
        Near([.. s_values.Select((x, i) => Math.Exp(x) / s_values.Chunk(Plane).ElementAt(i / Plane).Sum(value => Math.Exp(value)))], rows);
    }

    [Fact]
    public void Reduce_EachKindAndAxis_IsItsFormula()
    {
        Func<double[], double>[] formulas =
        [
            v => v.Sum(), v => v.Average(), v => v.Aggregate((a, b) => a * b), v => v.Sum(x => Math.Log(x + 1e-6)), v => v.Sum(x => x * x), v => v.Sum(Math.Abs),
            v => Math.Sqrt(v.Sum(x => x * x)), v => v.Max(), v => v.Min(), v => Array.IndexOf(v, v.Max()),
        ];
        float[] positive = Array.ConvertAll(s_values, value => MathF.Abs(value) + 0.5f);
        foreach (ReduceLayerParams.Types.ReduceOperation mode in Enum.GetValues<ReduceLayerParams.Types.ReduceOperation>())
        {
            foreach (ReduceLayerParams.Types.ReduceAxis axis in Enum.GetValues<ReduceLayerParams.Types.ReduceAxis>())
            {
                if (mode == ReduceLayerParams.Types.ReduceOperation.Argmax && axis is ReduceLayerParams.Types.ReduceAxis.Chw or ReduceLayerParams.Types.ReduceAxis.Hw)
                {
                    continue;
                }

                float[] actual = new SmallNetwork([Channels, Height, Width]).Add(new NeuralNetworkLayer { Reduce = new() { Mode = mode, Axis = axis } }).Run(positive);
                Near([.. Groups(positive, axis).Select(group => formulas[(int)mode](group))], actual);
            }
        }
    }

    [Fact]
    public void ReduceOverAxes_LogarithmsAndPlaces_AreTheirFormulas()
    {
        float[] positive = Array.ConvertAll(s_values, value => MathF.Abs(value) + 0.5f);
        double[][] rows = [.. positive.Chunk(Plane).Select(row => Array.ConvertAll(row, value => (double)value))];
        Near([.. rows.Select(row => Math.Log(row.Sum()))], OverLast(new NeuralNetworkLayer { ReduceLogSum = new() { Axes = { -1 } } }));
        Near([.. rows.Select(row => Math.Log(row.Sum(Math.Exp)))], OverLast(new NeuralNetworkLayer { ReduceLogSumExp = new() { Axes = { 1 }, KeepDims = true } }));
        Near([.. rows.Select(row => Array.IndexOf(row, row.Min()))], OverLast(new NeuralNetworkLayer { ArgMin = new() { Axis = 1, RemoveDim = true } }));
        Near([rows.Sum(row => row.Sum())], OverLast(new NeuralNetworkLayer { ReduceSum = new() { ReduceAll = true } }));

        float[] OverLast(NeuralNetworkLayer layer) => new SmallNetwork([Channels, Plane], isExact: true).Add(layer).Run(positive);
    }

    [Fact]
    public void InnerProduct_OfAPictureOrOfRows_IsTheProduct()
    {
        float[] w = Numbers(3 * Channels * Plane, 6), bias = Numbers(3, 7);
        InnerProductLayerParams whole = new() { InputChannels = Channels * Plane, OutputChannels = 3, HasBias = true, Weights = Values(w), Bias = Values(bias) };
        Near([.. Enumerable.Range(0, 3).Select(o => bias[o] + s_values.Select((x, i) => (double)x * w[(o * Channels * Plane) + i]).Sum())], Run(new NeuralNetworkLayer { InnerProduct = whole }));
        InnerProductLayerParams row = new() { InputChannels = Plane, OutputChannels = 3, Weights = Values(w.AsSpan(0, 3 * Plane)) };
        Near(
            [.. s_values.Chunk(Plane).SelectMany(x => Enumerable.Range(0, 3).Select(o => x.Select((value, i) => (double)value * w[(o * Plane) + i]).Sum()))],
            new SmallNetwork([Channels, Plane], isExact: true).Add(new NeuralNetworkLayer { InnerProduct = row }).Run(s_values));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void BatchedProduct_OfTwoValues_MultipliesMatrixByMatrix(bool turned)
    {
        // Each of 5 matrices [3, 4] times its own transpose, or the other way round.
        SmallNetwork network = new SmallNetwork([Channels, Height, Width], isExact: true)
            .Add(new NeuralNetworkLayer { BatchedMatmul = new() { TransposeA = turned, TransposeB = !turned } }, "x", "x");
        int rows = turned ? Width : Height, terms = turned ? Height : Width;
        Near(
            [.. s_values.Chunk(Plane).SelectMany(m => Enumerable.Range(0, rows * rows).Select(i => Enumerable.Range(0, terms).Sum(k =>
                (double)At(m, i / rows, k) * At(m, i % rows, k))))],
            network.Run(s_values));

        float At(float[] matrix, int row, int term) => turned ? matrix[(term * Width) + row] : matrix[(row * Width) + term];
    }

    [Fact]
    public void Dot_OfTwoVectors_IsTheirProductOrTheirCosine()
    {
        float[] y = [2, -1, 3];
        Assert.Equal([2f - 2 + 9], Dot(false));
        Near([9 / Math.Sqrt(14) / Math.Sqrt(14)], Dot(true));

        float[] Dot(bool cosine) => new SmallNetwork([3])
            .Add(new NeuralNetworkLayer { LoadConstant = new() { Shape = { 3, 1, 1 }, Data = Values(y) }, Output = { "y" } })
            .Add(new NeuralNetworkLayer { Dot = new() { CosineSimilarity = cosine } }, "x", "y").Run(1, 2, 3);
    }

    private static float[] Run(NeuralNetworkLayer layer) => new SmallNetwork([Channels, Height, Width]).Add(layer).Run(s_values);

    private static double[] Normal(int group, double epsilon) => [.. s_values.Chunk(group).SelectMany(values =>
    {
        double mean = values.Average(value => (double)value), variance = values.Average(value => Math.Pow(value - mean, 2));
        return values.Select(value => (value - mean) / Math.Sqrt(variance + epsilon));
    })];

    private static IEnumerable<double[]> Groups(float[] values, ReduceLayerParams.Types.ReduceAxis axis) => values.Select((value, i) => (Value: (double)value, Index: i))
        .GroupBy(
            element => axis switch
            {
                ReduceLayerParams.Types.ReduceAxis.Chw => 0,
                ReduceLayerParams.Types.ReduceAxis.Hw => element.Index / Plane,
                ReduceLayerParams.Types.ReduceAxis.C => element.Index % Plane,
                ReduceLayerParams.Types.ReduceAxis.H => (element.Index / Plane * Width) + (element.Index % Width),
                _ => element.Index / Width,
            },
            element => element.Value).OrderBy(group => group.Key).Select(group => group.ToArray());

    private static float[] Numbers(int count, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)((2 * random.NextDouble()) - 1))];
    }

    private static void Near(double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.Second, pair.First - (2e-6 * Math.Max(1, Math.Abs(pair.First))), pair.First + (2e-6 * Math.Max(1, Math.Abs(pair.First)))));
    }
}
