using SweepCluster.Reports.Json;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Summaries;
using SweepCluster.Testing;

namespace SweepCluster.EndToEnd.Tests;

/// <summary>A model that is no classifier: the user's own command gets each trial's package and prints its metrics.</summary>
public sealed class OwnEvaluatorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_CommandAsObjective_MeasuresEveryTrialByIt()
    {
        // The metric is the number of bytes of the package's weight file: known for every trial from the trial's own file.
        string script = _folder.At("measure.sh");
        File.WriteAllText(script, "echo \"{\\\"weight_bytes\\\": $(stat -c %s \"$1/Data/com.apple.CoreML/weights/weight.bin\")}\"\n");
        File.WriteAllText(_folder.At("spec.yaml"), $$$"""
            name: own
            model: {{{SharedData.Samples}}}/resnet20/ResNet20.mlpackage
            objective: {command: [sh, {{{script}}}, "{model}"], metric: weight_bytes, higher: false}
            schemes:
              - palettize: {nbits: [2, 8]}
            search: {uniform: true, greedy: {plans: 1}}
            """);
        string results = _folder.At("results");

        CommandLine run = await CommandLine.RunAsync("run", _folder.At("spec.yaml"), "--out", results);

        Assert.Equal(0, run.ExitCode);
        SweepSummary summary = ReportJson.Deserialize(File.ReadAllText(Path.Combine(results, "report.json")));
        Assert.Equal(2, summary.Trials.Count(trial => trial.Kind == PlanKind.Uniform));
        foreach (TrialSummary trial in summary.Trials)
        {
            string package = _folder.At($"{trial.Id}.mlpackage");
            Assert.Equal(0, (await CommandLine.RunAsync("export", results, "--trial", trial.Id, "-o", package)).ExitCode);
            long bytes = new FileInfo(Path.Combine(package, "Data", "com.apple.CoreML", "weights", "weight.bin")).Length;
            Assert.Equal(bytes, trial.Choice!.Values["weight_bytes"].Value);
            Assert.Equal(0, trial.Choice.Values["weight_bytes"].Samples); // a plain number has no interval
        }
    }

    [Fact]
    public async Task Run_CommandThatFails_ListsFailedTrialsWithTheError()
    {
        File.WriteAllText(_folder.At("spec.yaml"), $$$"""
            name: broken
            model: {{{SharedData.Samples}}}/resnet20/ResNet20.mlpackage
            objective: {command: [sh, -c, "echo no such device >&2; exit 3", "{model}"], metric: mAP}
            schemes: [palettize: {nbits: 4}]
            search: {greedy: {plans: 0}}
            """);

        CommandLine run = await CommandLine.RunAsync("run", _folder.At("spec.yaml"), "--out", _folder.At("results"));

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("no such device", run.Error, StringComparison.Ordinal);
    }
}
