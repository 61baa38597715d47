using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;
using SweepCluster.Sweeps.Plans;

namespace SweepCluster.Sweeps.Tests.Plans;

public sealed class LayerScheduleTests
{
    private const int Budget = 128 << 20; // elements: 512 MiB at four bytes each
    private static readonly byte[] s_zeros = new byte[Budget / 4];

    [Fact]
    public void Run_LayersOfAnySize_RunsEachOnceAndNeverMoreThanTheBudgetAtATime()
    {
        Random random = new(20261120);
        Weight[] layers = [.. Enumerable.Range(0, 200).Select(i => Layer(i, random.Next(1, i % 10 == 0 ? 2 * Budget : Budget / 3)))];
        Lock gate = new();
        List<string> ran = [];
        long now = 0, most = 0;

        new LayerSchedule(8, CancellationToken.None).Run(layers, (layer, threads) =>
        {
            lock (gate)
            {
                ran.Add(layer.Name);
                now += Math.Min(Budget, layer.Shape.ElementCount);
                most = Math.Max(most, now);
            }

            Thread.Yield();
            lock (gate)
            {
                now -= Math.Min(Budget, layer.Shape.ElementCount);
            }
        });

        Assert.Equal(layers.Select(layer => layer.Name).Order(StringComparer.Ordinal), ran.Order(StringComparer.Ordinal));
        Assert.InRange(most, 1, Budget);
    }

    // Three of them have room together: each waits for two others, so they do run side by side. The pool's threads are left to what layers run within themselves.
    [Fact]
    public void Run_LayersOfAThirdOfTheBudget_RunsThreeSideBySideOnThreadsOfTheirOwn()
    {
        using Barrier three = new(3);
        Lock gate = new();
        int now = 0, most = 0, caller = Environment.CurrentManagedThreadId;
        bool takesFromThePool = false;

        new LayerSchedule(8, CancellationToken.None).Run([.. Enumerable.Range(0, 9).Select(i => Layer(i, Budget / 3))], (_, _) =>
        {
            lock (gate)
            {
                most = Math.Max(most, ++now);
                takesFromThePool |= Thread.CurrentThread.IsThreadPoolThread && Environment.CurrentManagedThreadId != caller;
            }

            Assert.True(three.SignalAndWait(TimeSpan.FromMinutes(5)));
            lock (gate)
            {
                now--;
            }
        });

        Assert.Equal((3, false), (most, takesFromThePool));
    }

    [Theory]
    [InlineData(1, 1000, 8)] // alone: all threads help within it
    [InlineData(2, 1000, 4)]
    [InlineData(100, 1000, 1)]
    [InlineData(100, Budget, 8)] // as large as the budget: nothing runs beside it
    [InlineData(100, Budget / 2, 4)]
    [InlineData(100, 2 * Budget, 8)]
    public void Run_ThreadsThatNoLayerTakes_HelpWithinLayers(int layers, int elements, int expected)
    {
        List<int> given = [];

        new LayerSchedule(8, CancellationToken.None).Run([.. Enumerable.Range(0, layers).Select(i => Layer(i, elements))], (_, threads) =>
        {
            lock (given)
            {
                given.Add(threads);
            }
        });

        Assert.Equal(Enumerable.Repeat(expected, layers), given);
    }

    [Fact]
    public void Run_LayerThatFails_StopsAndThrowsWhatItThrew()
    {
        int ran = 0;

        BadInputException fault = Assert.Throws<BadInputException>(() => new LayerSchedule(1, CancellationToken.None).Run([.. Enumerable.Range(0, 10).Select(i => Layer(i, 1))], (layer, _) =>
        {
            ran++;
            if (layer.Name == "w3")
            {
                throw new BadInputException("the file was cut short");
            }
        }));

        Assert.Equal(("the file was cut short", 4), (fault.Message, ran));
    }

    [Fact]
    public void Run_Stopped_RunsNothingMore()
    {
        using CancellationTokenSource stop = new();
        int ran = 0;

        Assert.Throws<OperationCanceledException>(() => new LayerSchedule(1, stop.Token).Run([.. Enumerable.Range(0, 10).Select(i => Layer(i, 1))], (_, _) =>
        {
            ran++;
            stop.Cancel();
        }));

        Assert.Equal(1, ran);
    }

    [Fact]
    public void Run_NoLayers_DoesNothing() => new LayerSchedule(4, CancellationToken.None).Run([], (_, _) => Assert.Fail("There is no layer."));

    // One array for all: the values are never looked at.
    private static Weight Layer(int index, int elements)
    {
        Shape shape = new(elements);
        TensorData mask = new(ElementType.UInt1, shape, s_zeros.AsMemory(0, (elements + 7) / 8));
        return new Weight($"w{index}", new SparseWeight(mask, TensorData.FromFloat16(new Shape(0), [])), [], 0, 0);
    }
}
