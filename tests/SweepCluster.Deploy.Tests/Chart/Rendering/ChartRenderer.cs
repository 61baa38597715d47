using SweepCluster.Deploy.Tests.Chart.Values;

namespace SweepCluster.Deploy.Tests.Chart.Rendering;

/// <summary>Renders charts as helm does, by the Go program beside this file, which is built once for all tests of the assembly.</summary>
internal static class ChartRenderer
{
    private static readonly Lazy<Task<string>> s_program = new(BuildAsync);

    /// <summary>The chart of this repository.</summary>
    internal static string Folder { get; } = Path.Combine(SharedData.Repository, "helm", "sweepcluster");

    /// <summary>Renders the repository's chart, after its schema accepted the values.</summary>
    /// <param name="values">Values over the chart's own, each a YAML text; later ones win.</param>
    /// <exception cref="InvalidOperationException">The schema or a template refuses them; the message says why.</exception>
    internal static Task<Release> RenderAsync(params string[] values) => RenderWithAsync([], values);

    /// <summary>The same, with options of the renderer.</summary>
    internal static async Task<Release> RenderWithAsync(string[] options, params string[] values)
    {
        Outcome outcome = await RunAsync(Folder, options, values);
        if (outcome.Output.Length == 0)
        {
            throw new InvalidOperationException(outcome.Error);
        }

        Release release = Release.Parse(outcome.Output);
        string[] faults = [.. ValuesSchema.Chart.FaultsOf(release.Values)];
        return faults.Length > 0 ? throw new InvalidOperationException(string.Join('\n', faults))
            : outcome.ExitCode == 0 ? release
            : throw new InvalidOperationException(outcome.Error);
    }

    /// <summary>Runs the renderer on a chart.</summary>
    internal static async Task<Outcome> RunAsync(string chart, string[] options, params string[] values)
    {
        using TemporaryFolder folder = new();
        List<string> arguments = ["--chart", chart, "--name", "demo", "--namespace", "lab", .. options];
        for (int i = 0; i < values.Length; i++)
        {
            string file = folder[$"values-{i}.yaml"];
            await File.WriteAllTextAsync(file, values[i]);
            arguments.AddRange(["-f", file]);
        }

        return await Outcome.OfAsync(await s_program.Value, arguments);
    }

    private static async Task<string> BuildAsync()
    {
        string sources = Path.Combine(SharedData.Repository, "tests", "SweepCluster.Deploy.Tests", "Chart", "Rendering", "Renderer");
        TemporaryFolder folder = new();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        string program = folder["renderer"];
        Outcome built = await Outcome.OfAsync("sh", ["-c", "cd \"$1\" && exec go build -o \"$2\" .", "sh", sources, program],
            ("GO111MODULE", "off"), ("GOPATH", "/usr/share/gocode"), ("GOCACHE", folder["cache"]), ("GOFLAGS", ""), ("CGO_ENABLED", "0")); // Debian's Go libraries are sources there; nothing is fetched
        return built.ExitCode == 0 ? program : throw new InvalidOperationException($"go build: {built.Error}");
    }
}
