using SweepCluster.Testing;

namespace SweepCluster.EndToEnd.Tests;

/// <summary>Bad input: one clear line, exit code 2, nothing written.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Inspect_NothingThere_SaysSo()
    {
        CommandLine result = await CommandLine.RunAsync("inspect", _folder.At("none.mlpackage"));

        Assert.Equal((2, $"{_folder.At("none.mlpackage")}: found nothing there, expected a model.\n"), (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task Inspect_NotAModel_SaysSo()
    {
        File.WriteAllText(_folder.At("text.mlpackage"), "hello");

        CommandLine result = await CommandLine.RunAsync("inspect", _folder.At("text.mlpackage"));

        Assert.Equal(2, result.ExitCode);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
        Assert.Contains("found a text file, expected a Core ML model", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_WithoutWeightFile_NamesIt()
    {
        string package = CopyOfSample();
        File.Delete(Path.Combine(package, "Data", "com.apple.CoreML", "weights", "weight.bin"));

        CommandLine result = await CommandLine.RunAsync("inspect", package);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("weight.bin", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task Run_TruncatedWeightFile_NamesPlaceAndWritesNothing()
    {
        string package = CopyOfSample();
        string weights = Path.Combine(package, "Data", "com.apple.CoreML", "weights", "weight.bin");
        byte[] bytes = File.ReadAllBytes(weights);
        File.WriteAllBytes(weights, bytes[..(bytes.Length / 2)]);
        WriteSpec("model: model.mlpackage\n");

        CommandLine result = await RunSpecAsync();

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("weight.bin, byte", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.At("results")));
    }

    [Fact]
    public async Task Run_SpecWithSeveralFaults_NamesEachWithItsLine()
    {
        WriteSpec($"model: {SharedData.Samples}/resnet20/ResNet20.mlpackage\nsede: 3\nseed: x\n");

        CommandLine result = await RunSpecAsync();

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("spec.yaml, line 2: ", result.Error, StringComparison.Ordinal);
        Assert.Contains("spec.yaml, line 3: ", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.At("results")));
    }

    [Fact]
    public async Task Run_MoreSamplesThanThereAre_SaysHowMany()
    {
        WriteSpec($"model: {SharedData.Samples}/resnet20/ResNet20.mlpackage\nsamples: {{probe: 10, choice: 1500, confirm: 1500}}\n");

        CommandLine result = await RunSpecAsync();

        Assert.Equal(2, result.ExitCode);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
        Assert.Contains("found 1500 for the choice and 1500 for the confirmation", result.Error, StringComparison.Ordinal);
        Assert.Contains("at most the 2000 of the data", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.At("results")));
    }

    [Fact]
    public async Task Run_FolderWithOtherFiles_IsRefused()
    {
        WriteSpec($"model: {SharedData.Samples}/resnet20/ResNet20.mlpackage\n");
        Directory.CreateDirectory(_folder.At("results"));
        File.WriteAllText(_folder.At("results", "thesis.txt"), "mine");

        CommandLine result = await RunSpecAsync();

        Assert.Equal(2, result.ExitCode);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
        Assert.Equal(["thesis.txt"], Directory.EnumerateFileSystemEntries(_folder.At("results")).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Compress_GroupSizeNobodyCanTake_SaysWhy()
    {
        CommandLine result = await CommandLine.RunAsync(
            "compress", Path.Combine(SharedData.Samples, "resnet20", "ResNet20.mlpackage"),
            "--scheme", "palettize(nbits=4, granularity=per_grouped_channel, group_size=7)", "-o", _folder.At("out.mlpackage"));

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("not divisible by group size 7", result.Error, StringComparison.Ordinal);
        Assert.False(Path.Exists(_folder.At("out.mlpackage")));
    }

    [Theory]
    [InlineData("nbits=5", "nbits: found '5', expected 1, 2, 3, 4, 6 or 8")]
    [InlineData("bits=4", "unknown key 'bits'")]
    public async Task Compress_ImpossibleScheme_NamesKeyAndExpectation(string setting, string message)
    {
        CommandLine result = await CommandLine.RunAsync(
            "compress", Path.Combine(SharedData.Samples, "resnet20", "ResNet20.mlpackage"), "--scheme", $"palettize({setting})", "-o", _folder.At("out.mlpackage"));

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyCommand_UnknownOption_EndsWithCode2()
    {
        CommandLine result = await CommandLine.RunAsync("run", "spec.yaml", "--colour");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("--colour", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("frobnicate", "sweep: found no command 'frobnicate', expected one that 'sweep --help' lists.\nTry 'sweep --help'.\n")]
    [InlineData("inspct", "sweep: found no command 'inspct', expected one that 'sweep --help' lists; did you mean 'inspect'?\nTry 'sweep --help'.\n")]
    public async Task Sweep_UnknownCommand_IsNamedAlone(string word, string error)
    {
        CommandLine result = await CommandLine.RunAsync(word, "--out", "x");

        Assert.Equal((2, error, ""), (result.ExitCode, result.Error, result.Output));
    }

    [Fact]
    public async Task Sweep_Alone_ListsTheCommands()
    {
        CommandLine result = await CommandLine.RunAsync(), help = await CommandLine.RunAsync("--help");

        Assert.Equal((2, help.Output, ""), (result.ExitCode, result.Error, result.Output));
        Assert.Contains("\n  compress ", help.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_PackageWithAnEmptyModel_SaysSo()
    {
        string package = CopyOfSample(), model = Path.Combine(package, "Data", "com.apple.CoreML", "model.mlmodel");
        File.WriteAllBytes(model, []);

        CommandLine result = await CommandLine.RunAsync("inspect", package);

        Assert.Equal((2, $"{model}: found an empty file, expected a Core ML model.\n"), (result.ExitCode, result.Error));
    }

    [Theory]
    [InlineData("p.png/x.mlpackage", "its parent is a file, expected a folder.")]
    [InlineData("p.png/new/x.mlpackage", "p.png, above it, is a file, expected a folder.")]
    public async Task Compress_OntoWhatIsBelowAFile_SaysSo(string place, string message)
    {
        File.WriteAllBytes(_folder.At("p.png"), [1]);
        string path = _folder.At(place);

        CommandLine result = await CommandLine.RunAsync("compress", Path.Combine(SharedData.Samples, "resnet20", "ResNet20.mlpackage"), "--scheme", "quantize", "-o", path);

        Assert.Equal((2, $"{path}: {message.Replace("p.png,", $"{_folder.At("p.png")},", StringComparison.Ordinal)}\n"), (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task Compress_WhereTheSystemMakesNoFiles_SaysSo()
    {
        if (!OperatingSystem.IsLinux())
        {
            return; // elsewhere there is no such folder
        }

        CommandLine result = await CommandLine.RunAsync("compress", Path.Combine(SharedData.Samples, "resnet20", "ResNet20.mlpackage"), "--scheme", "quantize", "-o", "/proc/x.mlpackage");

        Assert.Equal((2, "/proc/x.mlpackage: no files can be made there, expected a folder that takes them.\n"), (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task Compress_ListOfValues_IsSentToASweep()
    {
        CommandLine result = await CommandLine.RunAsync(
            "compress", Path.Combine(SharedData.Samples, "resnet20", "ResNet20.mlpackage"), "--scheme", "palettize(nbits=[2,4])", "-o", _folder.At("out.mlpackage"));

        Assert.Equal((2, "scheme 'palettize(nbits=[2,4])': found a list, expected one value of each key; lists belong into a sweep's spec.\n"), (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task Evaluate_WithoutLabelsOrOnAModel_SaysWhatDataIs()
    {
        string pictures = _folder.At("pictures"), model = CopyOfSample();
        Directory.CreateDirectory(pictures);

        CommandLine unlabelled = await CommandLine.RunAsync("evaluate", model, "--data", pictures);
        CommandLine mistaken = await CommandLine.RunAsync("evaluate", model, "--data", model);

        Assert.Equal((2, $"--data {pictures}: found no labels.csv in the folder or beside it, expected one, which is where labels are looked for by default, or --labels with the path of another.\n"), (unlabelled.ExitCode, unlabelled.Error));
        Assert.Equal((2, $"--data {model}: found a model, expected labelled data: a .npz, a .npy or idx file, or a folder of pictures.\n"), (mistaken.ExitCode, mistaken.Error));
    }

    [Theory]
    [InlineData("run", "spec.yaml", "--slots", "0", "--slots: found 0, expected 1 or more.")]
    [InlineData("plan", "spec.yaml", "--slots", "-1", "--slots: found -1, expected 1 or more.")]
    [InlineData("run", "spec.yaml", "--slots", "100000", "--slots: found 100000, expected 1024 or less.")]
    [InlineData("run", "spec.yaml", "--samples", "1", "--samples: found 1, expected 2 or more.")]
    [InlineData("trials", "results", "--top", "0", "--top: found 0, expected 1 or more.")]
    [InlineData("trials", "results", "--top", "few", "--top: found 'few', expected a whole number.")]
    [InlineData("export", "results", "--max-drop", "-1", "--max-drop: found -1, expected 0 or more.")]
    [InlineData("export", "results", "--max-drop", "NaN", "--max-drop: found NaN, expected 0 or more.")]
    [InlineData("compress", "model.mlpackage", "--weight-threshold", "-5", "--weight-threshold: found -5, expected 0 or more.")]
    [InlineData("trials", "", "--top", "3", "found an empty argument, expected a path or a value.")]
    public async Task AnyCommand_ImpossibleValue_IsRefusedInOneLine(string command, string path, string option, string value, string message)
    {
        CommandLine result = await CommandLine.RunAsync(command, path, option, value);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains($"sweep: {message}\n", result.Error, StringComparison.Ordinal);
    }

    private Task<CommandLine> RunSpecAsync() => CommandLine.RunAsync("run", _folder.At("spec.yaml"), "--out", _folder.At("results"));

    private void WriteSpec(string head) => File.WriteAllText(_folder.At("spec.yaml"), head + $$$"""
        data: {path: {{{SharedData.Samples}}}/resnet20/test-2000.npz}
        objective: {metric: top1}
        schemes:
          - palettize: {nbits: 4}

        """);

    private string CopyOfSample()
    {
        string source = Path.Combine(SharedData.Samples, "resnet20", "ResNet20.mlpackage");
        string copy = _folder.At("model.mlpackage");
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(copy, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return copy;
    }
}
