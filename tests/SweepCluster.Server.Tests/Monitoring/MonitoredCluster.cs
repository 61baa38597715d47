using System.Text.Json;
using SweepCluster.Cli;
using SweepCluster.Testing;
using SweepCluster.Testing.Databases;

namespace SweepCluster.Server.Tests.Monitoring;

/// <summary>A silo and a server as processes of their own, two sweeps that they bring to the end, and a Prometheus that watches from the beginning. Run once for all tests that look at it.</summary>
public sealed class MonitoredCluster : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<KeptProcess> _processes = [];

    /// <summary>Its Prometheus.</summary>
    internal PrometheusServer Prometheus { get; private set; } = null!;

    /// <summary>Ids of its sweeps.</summary>
    internal IReadOnlyList<string> Sweeps { get; private set; } = [];

    /// <summary>The connection string of its database.</summary>
    internal string Store { get; private set; } = "";

    /// <summary>Runs it.</summary>
    public async Task InitializeAsync()
    {
        Store = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        string silo = $"127.0.0.1:{PrometheusServer.FreePort()}", server = $"127.0.0.1:{PrometheusServer.FreePort()}";
        _processes.Add(Start("silo", "--store", Store, "--slots", "2", "--cache", _folder.At("cache"), "--listen", $"http://{silo}"));
        _processes.Add(Start("serve", "--store", Store, "--listen", $"http://{server}"));
        Prometheus = new PrometheusServer([silo], [server]);
        try
        {
            await Prometheus.ScrapesAllAsync(2);
            string accuracy = await FinishAsync("accuracy", "top1", "5.0", "2, 6");
            await Prometheus.SeesAsync("sweepcluster_cell_duration_seconds_count > 0"); // the second sweep's cells are more: a rate needs two scrapes of a series
            Sweeps = [accuracy, await FinishAsync("divergence", "kl", "0.2", "3, 4")];
        }
        catch (InvalidOperationException error)
        {
            throw new InvalidOperationException($"{error.Message}\n{string.Join('\n', _processes.Select(process => process.Output))}", error);
        }
    }

    /// <summary>Ends everything.</summary>
    public async Task DisposeAsync()
    {
        await Prometheus.DisposeAsync();

        foreach (KeptProcess process in _processes)
        {
            await process.DisposeAsync();
        }
    }

    /// <summary>Deletes everything.</summary>
    public void Dispose() => _folder.Dispose();

    private static KeptProcess Start(params string[] arguments) => new(["dotnet", typeof(SweepProgram).Assembly.Location, .. arguments]);

    private async Task<string> FinishAsync(string name, string metric, string maxDrop, string widths)
    {
        string sweep = await SubmitAsync(name, metric, maxDrop, widths);
        await Prometheus.SeesAsync($$"""sweepcluster_sweep_phase{sweep="{{sweep}}", phase="finished"} == 1""");
        await Prometheus.SeesAsync($$"""sweepcluster_sweep_confirmed_drop{sweep="{{sweep}}"} and on () sweepcluster_sweep_baseline_score{sweep="{{sweep}}"}"""); // from the summary, which comes a little later
        return sweep;
    }

    private async Task<string> SubmitAsync(string name, string metric, string maxDrop, string widths)
    {
        string spec = _folder.At($"{name}.yaml");
        await File.WriteAllTextAsync(spec, $$$"""
            name: {{{name}}}
            model: {{{SharedData.Samples}}}/resnet20/ResNet20.mlpackage
            data: {path: {{{SharedData.Samples}}}/resnet20/test-2000.npz}
            objective: {metric: {{{metric}}}, max_drop: {{{maxDrop}}}}
            samples: {probe: 32, choice: 100, confirm: 100}
            schemes:
              - palettize: {nbits: [{{{widths}}}], granularity: per_tensor}
              - quantize: {dtype: int8, granularity: per_channel}
              - prune: {target_sparsity: 0.5}
            search: {uniform: true, greedy: {plans: 2}}
            """);
        using StringWriter output = new(), error = new();
        int exitCode = await SweepProgram.RunAsync(["submit", spec, "--store", Store, "--format", "json"], output, error);
        Assert.True(exitCode == 0, error.ToString());
        return JsonDocument.Parse(output.ToString()).RootElement.GetProperty("id").GetString()!;
    }
}
