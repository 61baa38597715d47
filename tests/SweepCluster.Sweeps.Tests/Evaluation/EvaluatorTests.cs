using SweepCluster.Formats.Npy;
using SweepCluster.Graphs;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Specs;

namespace SweepCluster.Sweeps.Tests.Evaluation;

public sealed class EvaluatorTests : IDisposable
{
    private const int Samples = 37;
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"sweep-{Guid.NewGuid():n}.npy");
    private readonly Dataset _data;

    public EvaluatorTests()
    {
        using (FileStream stream = File.Create(_path))
        {
            // Sample i is (i, 2 i).
            NpyWriter.Write(stream, TensorData.FromFloat32(new Shape(Samples, 2), [.. Enumerable.Range(0, Samples).SelectMany(i => new float[] { i, 2 * i })]));
        }

        DataSpec spec = new(_path, "images", "", null, null, null, null, [], []);
        _data = DatasetReader.Open(spec, new(new("x", ElementType.Float32, new Shape(1, 2)), null));
    }

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 8)]
    [InlineData(3, 5)]
    [InlineData(8, 100)]
    public void Run_AnyThreadsAndBatch_PutsEachSampleInItsPlace(int threads, int batch)
    {
        int[] order = SampleOrder.Shuffle(Samples, 9);
        int runners = 0, most = 0;

        float[] outputs = new Evaluator(_data, threads, batch).Run(
            () =>
            {
                Interlocked.Increment(ref runners);
                return SumAndProduct;
            },
            2,
            order,
            done => InterlockedMax(ref most, done),
            CancellationToken.None);

        Assert.Equal(order.SelectMany(i => new float[] { 3 * i, 2 * i * i }), outputs);
        Assert.Equal(Samples, most);
        Assert.InRange(runners, 1, threads);
    }

    [Fact]
    public void Run_NoSamples_GivesNothing()
    {
        Assert.Empty(new Evaluator(_data, 4).Run(() => SumAndProduct, 2, ReadOnlyMemory<int>.Empty, null, CancellationToken.None));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Run_SeveralBatchesFail_ThrowsTheFirstInSampleOrder(int threads)
    {
        int[] order = [.. Enumerable.Range(0, Samples)];

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => new Evaluator(_data, threads, 1).Run(
            () => (input, samples, output) =>
            {
                if (input[0] >= 5)
                {
                    throw new InvalidOperationException($"sample {input[0]}");
                }
            },
            1,
            order,
            null,
            CancellationToken.None));

        Assert.Equal("sample 5", error.Message);
    }

    [Fact]
    public void Run_Cancelled_StopsBeforeTheNextBatch()
    {
        using CancellationTokenSource source = new();
        int batches = 0;

        Assert.Throws<OperationCanceledException>(() => new Evaluator(_data, 1, 4).Run(
            () => (input, samples, output) =>
            {
                batches++;
                source.Cancel();
            },
            1,
            Enumerable.Range(0, Samples).ToArray(),
            null,
            source.Token));

        Assert.Equal(1, batches);
    }

    private static void SumAndProduct(ReadOnlySpan<float> input, int samples, Span<float> output)
    {
        for (int i = 0; i < samples; i++)
        {
            output[2 * i] = input[2 * i] + input[(2 * i) + 1];
            output[(2 * i) + 1] = input[2 * i] * input[(2 * i) + 1];
        }
    }

    private static void InterlockedMax(ref int place, int value)
    {
        int seen = place;
        while (value > seen)
        {
            seen = Interlocked.CompareExchange(ref place, value, seen);
        }
    }
}
