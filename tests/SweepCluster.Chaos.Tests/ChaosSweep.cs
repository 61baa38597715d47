using SweepCluster.Engine.Actors;
using SweepCluster.Engine.Blobs;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Runs;
using SweepCluster.Engine.Sessions;
using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Stores.Postgres;
using SweepCluster.Reports;
using SweepCluster.Sweeps.Specs;
using SweepCluster.Testing;

namespace SweepCluster.Chaos.Tests;

/// <summary>A sweep of a few seconds over the sample ResNet-20, with many short jobs, and what it reports when nobody disturbs it.</summary>
internal sealed class ChaosSweep
{
    private static readonly string[] s_reports = ["report.html", "report.json", "trials.csv", "sensitivity.csv"];

    private readonly TemporaryFolder _folder;
    private readonly SweepSpec _spec;
    private readonly int _seed;

    private ChaosSweep(TemporaryFolder folder, SweepSpec spec, int seed)
    {
        _folder = folder;
        _spec = spec;
        _seed = seed;
    }

    /// <summary>Its id in stores.</summary>
    internal string Id { get; private set; } = "";

    /// <summary>Jobs of an undisturbed run.</summary>
    internal long Jobs { get; private set; }

    private string Alone => _folder.At($"alone {_seed}");

    /// <summary>Runs it alone, undisturbed.</summary>
    internal static async Task<ChaosSweep> RunAloneAsync(TemporaryFolder folder, int seed)
    {
        string path = folder.At($"chaos{seed}.yaml");
        await File.WriteAllTextAsync(path, $$"""
            name: chaos
            model: {{SharedData.Samples}}/resnet20/ResNet20.mlpackage
            data: {path: {{SharedData.Samples}}/resnet20/test-2000.npz}
            objective: {metric: top1, max_drop: 10}
            samples: {probe: 4, choice: 16, confirm: 16}
            seed: {{seed}}
            schemes:
              - palettize: {nbits: [1, 2, 3, 4, 6, 8]}
              - quantize: {dtype: [int8, int4], granularity: per_channel}
              - prune: {target_sparsity: [0.3, 0.6]}
            search: {uniform: true, greedy: {plans: 24}, probes: true}
            """);
        ChaosSweep sweep = new(folder, SpecReader.Read(path, []), seed);
        sweep.Jobs = (await BringHomeAsync(() => SweepRunner.RunAsync(sweep._spec, new RunOptions { ResultFolder = sweep.Alone }, null, default))).JobsRun;
        return sweep;
    }

    /// <summary>Hands it in, with no limit of attempts: each job may be hit many times here.</summary>
    internal async Task SubmitAsync(ISweepStore store, PostgresDatabase database)
    {
        SweepSession session = SweepSession.Open(_spec);
        string request = await Bundles.PackAsync(_spec, new PostgresBlobStore(database), default);
        await store.AddSweepAsync(session.Record with { Request = request }, SweepControl.Default with { MaxAttempts = int.MaxValue }, [SweepActor.FirstJob], default);
        Id = session.Record.Id;
    }

    /// <summary>Brings its result home from a store that has finished it, and compares every byte of the reports with those of the undisturbed run.</summary>
    internal async Task AssertReportsAreThoseOfARunAloneAsync(string store)
    {
        string home = _folder.At($"home {_seed}");
        SiloOptions options = new() { Store = store, Slots = 1, Cache = _folder.At("cache of the reader") };
        SweepResult result = await BringHomeAsync(() => ClusterRunner.RunAsync(_spec, new RunOptions { ResultFolder = home }, options, null, default));

        Assert.Equal((0, Jobs), (result.JobsRun, result.JobsFound));
        foreach (string name in s_reports)
        {
            Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(Alone, name)), await File.ReadAllBytesAsync(Path.Combine(home, name)));
        }
    }

    private static async Task<SweepResult> BringHomeAsync(Func<Task<SweepResult>> run)
    {
        SweepResult result = await run();
        await ReportWriter.WriteAsync(result.Summary, result.ResultFolder, default);
        return result;
    }
}
