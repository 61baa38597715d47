using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using SweepCluster.Benchmarks.Million;
using SweepCluster.Engine.Actors;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Records;
using SweepCluster.Engine.Sessions;
using SweepCluster.Engine.Stores;
using SweepCluster.Server;

namespace SweepCluster.Benchmarks.Serving;

/// <summary>
/// A server in a process of its own, over a folder, with one sweep whose results are made up. It says where it is and the sweep's id, runs the sweep when it is told <c>go</c>, and on <c>end</c> says when
/// each result was acknowledged, in ticks of the machine's clock, and what it took.
/// </summary>
internal static class ServedSweep
{
    /// <summary>Runs it.</summary>
    /// <param name="args">A folder, trials, milliseconds between two results.</param>
    internal static async Task<int> RunAsync(string[] args)
    {
        (string folder, int trials, int pause) = (args[0], int.Parse(args[1], CultureInfo.InvariantCulture), int.Parse(args[2], CultureInfo.InvariantCulture));
        await using JournalHome home = JournalHome.Open(Path.Combine(folder, "store"), TimeProvider.System);
        SweepSession session = SweepSession.Open(MadeUpSpec.Read("served"));
        List<(long Results, long Ticks)> acknowledged = [];
        using NotedStore store = new(home.Store, session.Record.Id, acknowledged);
        string request = await Bundles.PackAsync(session.Spec, home.Blobs, default);
        await store.AddSweepAsync(session.Record with { Request = request }, SweepControl.Default, [SweepActor.FirstJob], default);

        ServerOptions options = new() { Listen = new Uri("http://127.0.0.1:0") };
        await using StoreDesk desk = new(store, home.Blobs, home.Place, TimeProvider.System);
        await using WebApplication server = SweepServer.Build(options, new ServerParts(store, home.Blobs, desk, []));
        await server.StartAsync();
        Console.WriteLine($"{server.Urls.First()} {session.Record.Id}");
        Say("started");
        while (await Console.In.ReadLineAsync() is { } order)
        {
            TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
            long since = Stopwatch.GetTimestamp();
            if (order == "go")
            {
                using SweepRecords records = new(store, session.Model, session.Record.Id);
                PacedHost host = new(new MadeUpHost(session, new SweepActor(session, records, new RandomPlans(trials - session.Model.Space.UniformPlans.Length, 500))), pause);
                await new JobLoop(store, host, new JobLoopOptions { Slots = 1, Silo = "served" }, TimeProvider.System, static _ => { }).RunAsync(session.Record.Id, default);
            }

            Say(string.Create(CultureInfo.InvariantCulture, $"{order} {Stopwatch.GetElapsedTime(since).TotalSeconds:F1} s, processor {(Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds:F1} s"));
            if (order == "end")
            {
                break;
            }
        }

        Console.WriteLine(string.Join(' ', acknowledged.Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Results}:{entry.Ticks}"))));
        await server.StopAsync();
        return 0;
    }

    private static void Say(string what)
    {
        string[] status = File.ReadAllLines("/proc/self/status");
        string Of(string key) => $"{long.Parse(status.First(line => line.StartsWith(key, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1000.0:N0} MB";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"server: {what}, VmRSS {Of("VmRSS:")}, VmHWM {Of("VmHWM:")}, live {GC.GetTotalMemory(forceFullCollection: true) / 1e6:N0} MB"));
    }

    private sealed class PacedHost(IJobHost inner, int pause) : IJobHost
    {
        public async Task<JobOutcome> RunAsync(Claim claim, CancellationToken cancellationToken)
        {
            await Task.Delay(pause, cancellationToken);
            return await inner.RunAsync(claim, cancellationToken);
        }
    }

    /// <summary>Notes when each result was acknowledged, by the number of results.</summary>
    private sealed class NotedStore(ISweepStore inner, string sweepId, List<(long Results, long Ticks)> acknowledged) : DelegatingStore(inner), IDisposable
    {
        private readonly SemaphoreSlim _noting = new(1);

        public override async Task<RecordOutcome> TryRecordAsync(Claim claim, JobResult result, IReadOnlyList<Job> proposals, CancellationToken cancellationToken)
        {
            await _noting.WaitAsync(cancellationToken); // one by one, so that a number belongs to a result
            try
            {
                RecordOutcome outcome = await base.TryRecordAsync(claim, result, proposals, cancellationToken);
                acknowledged.Add(((await ReadStatusAsync(sweepId, cancellationToken)).Results, Stopwatch.GetTimestamp()));
                return outcome;
            }
            finally
            {
                _noting.Release();
            }
        }

        public void Dispose() => _noting.Dispose();
    }
}
