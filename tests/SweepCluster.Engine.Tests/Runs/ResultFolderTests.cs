using SweepCluster.Engine.Runs;
using SweepCluster.Engine.Sessions;
using SweepCluster.Graphs;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Specs;
using SweepCluster.Sweeps.Summaries;
using SweepCluster.Testing;

namespace SweepCluster.Engine.Tests.Runs;

public sealed class ResultFolderTests(FinishedSweep finished) : IClassFixture<FinishedSweep>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Open_FinishedSweep_GivesTheRunsSummary()
    {
        ResultFolder folder = await ResultFolder.OpenAsync(finished.Folder, default);

        Assert.Equal(SampleSweep.Json(finished.Result), System.Text.Json.JsonSerializer.Serialize(folder.Summary));
        Assert.Equal(finished.Spec.Canonical, folder.Spec.Canonical);
    }

    [Fact]
    public async Task Export_EveryTrial_HasTheReportedSizeAndWeights()
    {
        ResultFolder folder = await ResultFolder.OpenAsync(finished.Folder, default);
        foreach (TrialSummary trial in folder.Summary.Trials)
        {
            string path = _folder[$"{trial.Id}.mlpackage"];

            Assert.Equal(trial.SizeBytes, await folder.ExportAsync(trial.Id[..6], path, default));
            Assert.Equal(trial.SizeBytes, Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length));
        }
    }

    [Fact]
    public async Task Export_UnknownTrialOrExistingPath_IsRefused()
    {
        ResultFolder folder = await ResultFolder.OpenAsync(finished.Folder, default);
        string path = _folder["model.mlpackage"];

        BadInputException unknown = await Assert.ThrowsAsync<BadInputException>(() => folder.ExportAsync("zz", path, default));
        Assert.StartsWith($"{finished.Folder}: found no trial 'zz', expected one of ", unknown.Message, StringComparison.Ordinal);
        BadInputException several = await Assert.ThrowsAsync<BadInputException>(() => folder.ExportAsync("", path, default));
        Assert.EndsWith("trials that begin with '', expected more digits.", several.Message, StringComparison.Ordinal);
        Directory.CreateDirectory(path);
        await Assert.ThrowsAsync<BadInputException>(() => folder.ExportAsync(folder.Summary.Trials[0].Id, path, default));
        Assert.True(Directory.Exists(path));
    }

    [Fact]
    public async Task Open_NoSweep_SaysSo()
    {
        BadInputException error = await Assert.ThrowsAsync<BadInputException>(() => ResultFolder.OpenAsync(_folder.Path, default));

        Assert.Equal($"{_folder.Path}: found no sweep, expected the result folder of one.", error.Message);
    }

    [Fact]
    public async Task Open_ModelMovedAndPlanFileGone_IsReadOnceTheSweepWasRunFromTheNewPlace()
    {
        string before = CopyModel("before"), after = _folder[Path.Combine("after", "ResNet20.mlpackage")], output = _folder["out"];
        await File.WriteAllTextAsync(_folder["own.yaml"], "config_type: OpPalettizerConfig\nglobal_config: {mode: kmeans, nbits: 4, weight_threshold: 20000}\n");
        SweepSpec Spec(string model) => SpecReader.Read(SampleSweep.Write(_folder, model), [new("plans", $"[{_folder["own.yaml"]}]"), new("search", "{uniform: false, greedy: {plans: 0}, probes: false}")]);
        SweepResult run = await SweepRunner.RunAsync(Spec(before), SampleSweep.Options(output), null, default);
        TrialSummary given = Assert.Single(run.Summary.Trials);
        Assert.Equal((PlanKind.Given, "own", 5), (given.Kind, given.Label, given.Schemes.Count));
        Directory.CreateDirectory(_folder["after"]);
        Directory.Move(before, after);

        BadInputException gone = await Assert.ThrowsAsync<BadInputException>(() => ResultFolder.OpenAsync(output, default));
        SweepResult resumed = await SweepRunner.RunAsync(Spec(after), SampleSweep.Options(output, resume: true), null, default);
        File.Delete(_folder["own.yaml"]);
        ResultFolder folder = await ResultFolder.OpenAsync(output, default);

        Assert.Equal(
            $"{before}: found nothing there, expected the model that the sweep in {output} measured; where it was moved, run the sweep again with --resume and the new path.",
            gone.Message);
        Assert.Equal((0, after), (resumed.JobsRun, folder.Spec.Model));
        Assert.Equal(SampleSweep.Json(run), System.Text.Json.JsonSerializer.Serialize(folder.Summary));
        Assert.Equal(given.SizeBytes, await folder.ExportAsync(given.Id, _folder["own.mlpackage"], default));
    }

    [Fact]
    public async Task Open_ModelChangedSince_NamesBothHashes()
    {
        string model = CopyModel("");
        string measured = ModelHash.Of(model);
        Assert.Equal(measured, ModelHash.Of(SampleSweep.Model)); // where it lies does not matter
        await SweepRunner.RunAsync(SampleSweep.Spec(_folder, model), SampleSweep.Options(_folder["out"]), null, default);
        string weights = Path.Combine(model, "Data", "com.apple.CoreML", "weights", "weight.bin");
        byte[] bytes = await File.ReadAllBytesAsync(weights);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(weights, bytes);

        BadInputException error = await Assert.ThrowsAsync<BadInputException>(() => ResultFolder.OpenAsync(_folder["out"], default));

        Assert.Equal(
            $"{model}: found a model with the SHA-256 {ModelHash.Of(model)}, expected {measured}, the one that the sweep in {_folder["out"]} measured.", error.Message);
    }

    private string CopyModel(string folder)
    {
        string model = _folder[Path.Combine(folder, "ResNet20.mlpackage")];
        foreach (string file in Directory.EnumerateFiles(SampleSweep.Model, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(model, Path.GetRelativePath(SampleSweep.Model, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return model;
    }
}
