using System.Text.Json;
using SweepCluster.Reports.Json;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Summaries;
using SweepCluster.Testing;
using SweepCluster.Testing.Packages;

namespace SweepCluster.EndToEnd.Tests;

/// <summary>The main job: one command gives a report, one more a package that is what the report says.</summary>
public sealed class MainJobTests(TinySweep sweep) : IClassFixture<TinySweep>
{
    private SweepSummary Summary => ReportJson.Deserialize(File.ReadAllText(Path.Combine(sweep.Results, "report.json")));

    [Fact]
    public void Run_TinySweep_WritesEveryFileOfTheResultFolder()
    {
        Assert.Equal((0, string.Empty), (sweep.Run.ExitCode, sweep.Run.ExitCode == 0 ? string.Empty : sweep.Run.Error));
        foreach (string name in new[] { "report.html", "report.json", "trials.csv", "sensitivity.csv", "timings.json" })
        {
            Assert.True(new FileInfo(Path.Combine(sweep.Results, name)).Length > 0, name);
        }
    }

    [Fact]
    public void Run_TinySweep_MeasuresTheGridAndMixedPlans()
    {
        SweepSummary summary = Summary;

        Assert.Equal(8, summary.Trials.Count(trial => trial.Kind == PlanKind.Uniform));
        Assert.Equal(4, summary.Trials.Count(trial => trial.Kind == PlanKind.Mixed));
        Assert.All(summary.Trials, trial => Assert.Null(trial.Failure));
        Assert.All(summary.Trials.Where(trial => trial.OnFrontier), trial => Assert.NotNull(trial.Confirm));
    }

    [Fact]
    public void Run_GroupSizeThatDoesNotDivide_IsListedWithItsReason()
    {
        SensitivitySummary[] refused = [.. Summary.Sensitivities.Where(cell => cell.Reason is not null)];

        Assert.NotEmpty(refused);
        Assert.All(refused, cell => Assert.Contains("group_size=64", cell.Scheme, StringComparison.Ordinal));
        Assert.Contains(refused, cell => cell.Reason == "16 output channels are not divisible by group size 64");
    }

    [Fact]
    public async Task Export_MixedPlan_HoldsWhatTheReportSays()
    {
        TrialSummary trial = Summary.Trials.First(candidate => candidate is { Kind: PlanKind.Mixed, Confirm: not null });
        string package = sweep.At("mixed.mlpackage");

        CommandLine export = await CommandLine.RunAsync("export", sweep.Results, "--trial", trial.Id, "-o", package);
        Assert.Equal((0, string.Empty), (export.ExitCode, export.Error));
        Assert.Equal(trial.SizeBytes, SizeOf(package));

        // Its accuracy on the same samples is the report's to the last digit.
        CommandLine evaluate = await CommandLine.RunAsync("evaluate", package, "--sweep", sweep.Results, "--samples", "choice", "--format", "json");
        Assert.Equal(0, evaluate.ExitCode);
        using JsonDocument measured = JsonDocument.Parse(evaluate.Output);
        foreach ((string name, Estimate expected) in trial.Choice!.Values.Where(metric => metric.Key is "top1" or "top5"))
        {
            JsonElement metric = measured.RootElement.GetProperty("metrics").GetProperty(name);
            Assert.Equal(expected.Value, metric.GetProperty("value").GetDouble());
            Assert.Equal(expected.Low, metric.GetProperty("low").GetDouble());
            Assert.Equal(expected.High, metric.GetProperty("high").GetDouble());
        }

        // Decompressed, it holds the same values, as a reader that shares no code with ours sees them.
        string plain = sweep.At("plain.mlpackage");
        CommandLine decompress = await CommandLine.RunAsync("decompress", package, "-o", plain);
        Assert.Equal((0, string.Empty), (decompress.ExitCode, decompress.Error));
        IReadOnlyDictionary<string, float[]> compressedValues = IndependentPackageReader.Read(package).Weights;
        IReadOnlyDictionary<string, float[]> plainValues = IndependentPackageReader.Read(plain).Weights;
        Assert.Equal(compressedValues.Keys.Order(), plainValues.Keys.Order());
        foreach ((string key, float[] values) in compressedValues)
        {
            Assert.Equal(Bits(values), Bits(plainValues[key]));
        }
    }

    [Fact]
    public async Task Export_MaxDropNobodyCanProve_SaysSoAndWritesNothing()
    {
        string package = sweep.At("never.mlpackage");

        CommandLine export = await CommandLine.RunAsync("export", sweep.Results, "--max-drop", "0", "-o", package);

        Assert.Equal(1, export.ExitCode);
        Assert.Contains("No plan is proven", export.Error, StringComparison.Ordinal);
        Assert.False(Path.Exists(package));
    }

    [Fact]
    public async Task Export_ConfigFileThatExists_WritesNothing()
    {
        string package = sweep.At("unwritten.mlpackage");
        string uniform = Summary.Trials.First(trial => trial.Label == "pal4").Id;
        File.WriteAllText(sweep.At("mine.palettize.yaml"), "mine");

        CommandLine export = await CommandLine.RunAsync("export", sweep.Results, "--trial", uniform, "-o", package, "--write-config", sweep.At("mine.yaml"));

        Assert.Equal(2, export.ExitCode);
        Assert.False(Path.Exists(package));
        Assert.Equal("mine", File.ReadAllText(sweep.At("mine.palettize.yaml")));
    }

    [Fact]
    public async Task Report_AsJson_PrintsReportJson()
    {
        CommandLine report = await CommandLine.RunAsync("report", sweep.Results, "--format", "json");

        Assert.Equal((0, File.ReadAllText(Path.Combine(sweep.Results, "report.json"))), (report.ExitCode, report.Output));
    }

    [Fact]
    public async Task Export_FirstDigitsOfAnId_AreEnoughWhereOneTrialHasThem()
    {
        string package = sweep.At("digits.mlpackage");
        TrialSummary[] alike = [.. Summary.Trials.GroupBy(trial => trial.Id[0]).First(group => group.Count() > 1)];

        CommandLine several = await CommandLine.RunAsync("export", sweep.Results, "--trial", alike[0].Id[..1], "-o", package);
        CommandLine none = await CommandLine.RunAsync("export", sweep.Results, "--trial", "x", "-o", package);

        Assert.Equal(2, several.ExitCode);
        Assert.Equal($"--trial {alike[0].Id[0]}: found {alike.Length} trials ({string.Join(", ", alike.Take(8).Select(trial => trial.Id))}{(alike.Length > 8 ? ", .." : "")}), expected more digits of one.{Environment.NewLine}", several.Error);
        Assert.Equal((2, $"--trial x: found none, expected a label that 'sweep trials' lists, or an id or its first digits.{Environment.NewLine}"), (none.ExitCode, none.Error));
        Assert.False(Path.Exists(package));
        CommandLine one = await CommandLine.RunAsync("export", sweep.Results, "--trial", alike[1].Id[..10], "-o", package);
        Assert.StartsWith($"{package}: trial {alike[1].Id} ({alike[1].Label}), ", one.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_WithConfig_CompressGivesTheSameBytes()
    {
        string exported = sweep.At("exported.mlpackage"), compressed = sweep.At("compressed.mlpackage");
        TrialSummary trial = Summary.Trials.First(candidate => candidate.Label == "pal4");
        CommandLine export = await CommandLine.RunAsync("export", sweep.Results, "--trial", "pal4", "-o", exported, "--write-config", sweep.At("plan.yaml"));
        Assert.Equal((0, string.Empty), (export.ExitCode, export.Error));

        CommandLine compress = await CommandLine.RunAsync("compress", SweptModel, "--config", sweep.At("plan.palettize.yaml"), "-o", compressed);

        Assert.Equal(0, compress.ExitCode);
        Assert.Equal(trial.SizeBytes, SizeOf(compressed));
        Assert.Equal(File.ReadAllBytes(WeightsOf(exported)), File.ReadAllBytes(WeightsOf(compressed)));
    }

    [Fact]
    public async Task Export_MaxSize_TakesTheBestThatFits()
    {
        string package = sweep.At("sized.mlpackage");

        CommandLine export = await CommandLine.RunAsync("export", sweep.Results, "--max-size", "200kB", "-o", package);

        Assert.Equal(0, export.ExitCode);
        long size = SizeOf(package);
        Assert.InRange(size, 1, 200_000);
        double best = Summary.Trials.Where(trial => trial.SizeBytes <= 200_000).Max(trial => trial.Choice!.Values["top1"].Value);
        Assert.Equal(best, Summary.Trials.Single(trial => trial.SizeBytes == size && trial.Choice!.Values["top1"].Value == best).Choice!.Values["top1"].Value);
    }

    [Fact]
    public async Task Run_FinishedSweepAgain_SaysSoAndKeepsEveryByte()
    {
        byte[] before = File.ReadAllBytes(Path.Combine(sweep.Results, "report.html"));

        CommandLine again = await CommandLine.RunAsync("run", sweep.Spec, "--out", sweep.Results, "--resume");

        Assert.Equal(0, again.ExitCode);
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(sweep.Results, "report.html")));
    }

    [Fact]
    public async Task Run_FolderOfAnotherSweep_IsRefused()
    {
        CommandLine other = await CommandLine.RunAsync("run", sweep.Spec, "--out", sweep.Results, "--resume", "--seed", "8");

        Assert.Equal(2, other.ExitCode);
        Assert.Equal(
            $"{sweep.Results}: found the sweep 'tiny' of another spec, expected this sweep or an empty or absent folder.\n", other.Error);
    }

    [Fact]
    public async Task Diff_SameResult_FindsNoDifference()
    {
        CommandLine diff = await CommandLine.RunAsync("diff", sweep.Results, sweep.Results);

        Assert.Equal(0, diff.ExitCode);
        Assert.Contains("no differences", diff.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trials_Where_ListsOnlyWhatFits()
    {
        CommandLine trials = await CommandLine.RunAsync("trials", sweep.Results, "--where", "kind=uniform and size<200KB", "--format", "json");

        Assert.Equal(0, trials.ExitCode);
        using JsonDocument listed = JsonDocument.Parse(trials.Output);
        int expected = Summary.Trials.Count(trial => trial.Kind == PlanKind.Uniform && trial.SizeBytes < 200_000);
        Assert.Equal(expected, listed.RootElement.GetArrayLength());
        Assert.NotEqual(0, expected);
    }

    private static string SweptModel => Path.Combine(SharedData.Samples, "resnet20", "ResNet20.mlpackage");

    private static string WeightsOf(string package) => Path.Combine(package, "Data", "com.apple.CoreML", "weights", "weight.bin");

    private static long SizeOf(string package) =>
        Directory.EnumerateFiles(package, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);

    private static int[] Bits(float[] values) => Array.ConvertAll(values, BitConverter.SingleToInt32Bits);
}
