using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using SweepCluster.Engine.Telemetry;
using SweepCluster.Server.Feeds;
using SweepCluster.Server.Telemetry;
using SweepCluster.Server.Tests.Sweeps;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Server.Tests.Telemetry;

/// <summary>What prepares gauges, when something goes wrong with it or much is to be told.</summary>
[Collection(AloneCollection.Name)]
public sealed class TellerTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private readonly MeterListener _looker = new();

    public TellerTests()
    {
        _looker.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == EngineTelemetry.SweepsMeterName)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        SweepGauges.Prime();
        _looker.Start();
    }

    public void Dispose() => _looker.Dispose();

    [Fact]
    public async Task ClusterTeller_AfterAnErrorOfTheDisk_GoesOn()
    {
        await using TinyServer server = await TinyServer.StartAsync();
        await server.SubmitAsync();
        TaskCompletionSource twice = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int asked = 0;
        Feeds feeds = new(server, () =>
        {
            if (Interlocked.Increment(ref asked) == 1)
            {
                throw new IOException("No space left on device.");
            }

            twice.TrySetResult();
        });
        using ClusterTeller teller = new(server.Parts, feeds, TimeProvider.System, NullLogger<ClusterTeller>.Instance);

        await teller.StartAsync(default);
        await Task.WhenAny(twice.Task, teller.ExecuteTask!).WaitAsync(s_patience);

        Assert.False(teller.ExecuteTask!.IsCompleted);
        await teller.StopAsync(default);
        Assert.True(twice.Task.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task ClusterTeller_OfManyRunningSweeps_OpensFewAndTellsAll()
    {
        await using TinyServer server = await TinyServer.StartAsync();
        HashSet<string> sweeps = [];
        for (int seed = 1; seed <= SummaryShelf.MostOpen + 2; seed++)
        {
            sweeps.Add(await server.SubmitAsync(seed: seed));
        }

        Feeds feeds = new(server, static () => { });
        using ClusterTeller teller = new(server.Parts, feeds, TimeProvider.System, NullLogger<ClusterTeller>.Instance);

        await teller.PrepareAsync(default);
        await teller.PrepareAsync(default);

        Assert.Equal(SummaryShelf.MostOpen - 1, feeds.Summarized.Distinct().Count());
        Assert.Equal(SummaryShelf.MostOpen - 1, feeds.Summarized.Count);
        Assert.All(sweeps, id => Assert.Contains(SweepGauges.Told, told => told.Id == id && told[SweepGauge.Progress].Length == 1));
    }

    [Fact]
    public async Task SweepTeller_AfterAnError_GoesOnAndLeavesTheWorkAlone()
    {
        TaskCompletionSource twice = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int asked = 0;
        await using TinyServer server = await TinyServer.StartAsync();
        SweepTeller teller = new(
            server.Parts.Store,
            () =>
            {
                if (Interlocked.Increment(ref asked) == 2)
                {
                    twice.TrySetResult();
                }

                throw new IOException("No space left on device.");
            },
            TimeProvider.System,
            SiloLog.None);

        await twice.Task.WaitAsync(s_patience);

        await teller.DisposeAsync(); // throws where telling failed
    }

    /// <summary>A server's feeds, with what is asked of them.</summary>
    private sealed class Feeds(TinyServer server, Action ask) : ISweepFeeds
    {
        private readonly ISweepFeeds _inner = server.Application.Services.GetRequiredService<ISweepFeeds>();

        internal ConcurrentQueue<string> Summarized { get; } = [];

        public Task<SweepState> NextAsync(string sweepId, long seen, CancellationToken cancellationToken)
        {
            ask();
            return _inner.NextAsync(sweepId, seen, cancellationToken);
        }

        public Task<SweepSummary?> SummarizeAsync(string sweepId, CancellationToken cancellationToken)
        {
            Summarized.Enqueue(sweepId);
            return _inner.SummarizeAsync(sweepId, cancellationToken);
        }

        public Task<long> NextChangeAsync(long seen, CancellationToken cancellationToken) => _inner.NextChangeAsync(seen, cancellationToken);
    }
}
