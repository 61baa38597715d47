using System.Diagnostics;
using System.Globalization;
using SweepCluster.Engine.Actors;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Records;
using SweepCluster.Engine.Runs;
using SweepCluster.Engine.Sessions;
using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Stores.Journal;
using SweepCluster.Reports;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Benchmarks.Million;

/// <summary>
/// A sweep of a million trials on the sample model: planned by the coordinator in rounds, run through the job loop and the journal, folded and reported as <c>sweep run</c> does it.
/// Only the results are made up. Prints what each phase took and the peak of memory.
/// </summary>
internal static class MillionSweep
{
    private const int Slots = 2;

    private static readonly Stopwatch s_watch = new();

    /// <summary>Runs it.</summary>
    /// <param name="args">Trials (1,000,000 by default), plans of a round (5,000), a folder to keep (none). With <c>report</c> first and a kept folder: reads it back and reports again.</param>
    internal static async Task<int> RunAsync(string[] args)
    {
        s_watch.Start();
        if (args is ["report", string kept])
        {
            ResultFolder folder = await ResultFolder.OpenAsync(kept, default);
            Phase("read back and summarized");
            await ReportWriter.WriteAsync(folder.Summary, kept, default);
            Phase("report written again");
            return 0;
        }

        int trials = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
        int round = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 5_000;
        string output = args.Length > 2 ? args[2] : Directory.CreateTempSubdirectory("sweep-million-").FullName;
        try
        {
            await RunAsync(trials, round, output);
        }
        finally
        {
            if (args.Length <= 2)
            {
                Directory.Delete(output, recursive: true);
            }
        }

        return 0;
    }

    private static async Task RunAsync(int trials, int round, string output)
    {
        SweepSession session = SweepSession.Open(MadeUpSpec.Read("million"));
        SweepFolder folder = new(output);
        Phase("opened");
        SweepSummary summary;
        await using (JournalStore store = JournalStore.Open(folder.State, TimeProvider.System))
        {
            await File.WriteAllTextAsync(folder.Request, session.Record.Request);
            await store.AddSweepAsync(session.Record, SweepControl.Default, [SweepActor.FirstJob], default);
            using SweepRecords records = new(store, session.Model, session.Record.Id);
            MadeUpHost host = new(session, new SweepActor(session, records, new RandomPlans(trials - session.Model.Space.UniformPlans.Length, round)));
            using (TimingLog timings = new(folder.TimingLog, TimeProvider.System))
            {
                await new JobLoop(store, host, new JobLoopOptions { Slots = Slots, Silo = "million" }, TimeProvider.System, timings.Add).RunAsync(session.Record.Id, default);
            }

            Phase("planned and run");
            await records.CatchUpAsync(default);
            Phase("folded");
            await TimingLog.PublishAsync(folder, default);
            Phase("timings written");
            summary = SummaryFactory.Build(session.Model, session.Record, records);
            Phase("summarized");
        }

        await ReportWriter.WriteAsync(summary, output, default);
        Phase("reported");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{summary.Trials.Length:N0} trials, {summary.Trials.Count(trial => trial.OnFrontier)} on the frontier, {summary.Trials.Count(trial => trial.Confirm is not null)} confirmed"));
        foreach (FileInfo file in new DirectoryInfo(output).EnumerateFiles("*", SearchOption.AllDirectories).Where(file => file.Length > 100_000))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file.Name}: {file.Length / 1e6:N1} MB"));
        }
    }

    private static void Phase(string name)
    {
        string[] status = File.ReadAllLines("/proc/self/status");
        string Of(string key) => $"{long.Parse(status.First(line => line.StartsWith(key, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1000.0:N0} MB";
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-26} {s_watch.Elapsed.TotalSeconds,8:N1} s   VmHWM {Of("VmHWM:"),8}   VmRSS {Of("VmRSS:"),8}   live {GC.GetTotalMemory(forceFullCollection: true) / 1e6,6:N0} MB   allocated {GC.GetTotalAllocatedBytes() / 1e9,6:N1} GB"));
        s_watch.Restart();
    }
}
