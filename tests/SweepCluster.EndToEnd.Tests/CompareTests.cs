using System.Text.Json;
using SweepCluster.Testing;
using SweepCluster.Testing.Packages;

namespace SweepCluster.EndToEnd.Tests;

/// <summary><c>sweep compare</c>, and what <c>sweep inspect</c> says of a model.</summary>
public sealed class CompareTests : IDisposable
{
    private static readonly string s_model = Path.Combine(SharedData.Samples, "resnet20", "ResNet20.mlpackage");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Compare_ModelWithItself_IsExactThroughout()
    {
        CommandLine result = await CommandLine.RunAsync("compare", s_model, s_model, "--min-sqnr", "200");

        Assert.Equal((0, string.Empty), (result.ExitCode, result.Error));
        Assert.Contains("program: no differences in", result.Output, StringComparison.Ordinal);
        Assert.Contains("46 of 46 weights exact", result.Output, StringComparison.Ordinal);
        Assert.Contains("(1.00x)", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_CompressedModel_ShowsErrorsAndNoOtherProgram()
    {
        string small = _folder.At("small.mlpackage");
        await CommandLine.RunAsync("compress", s_model, "--scheme", "palettize(nbits=4)", "-o", small);

        CommandLine result = await CommandLine.RunAsync("compare", s_model, small, "--format", "json", "--sort", "worst");

        Assert.Equal((0, string.Empty), (result.ExitCode, result.Error));
        using JsonDocument document = JsonDocument.Parse(result.Output);
        Assert.Equal(0, document.RootElement.GetProperty("operations").GetArrayLength());
        Assert.Equal(0, document.RootElement.GetProperty("onlyA").GetArrayLength() + document.RootElement.GetProperty("onlyB").GetArrayLength());
        JsonElement[] weights = [.. document.RootElement.GetProperty("weights").EnumerateArray()];
        Assert.Equal(46, weights.Length);
        Assert.All(weights, weight => Assert.Equal("name", weight.GetProperty("matchedBy").GetString()));
        double?[] sqnr = [.. weights.Select(weight => weight.GetProperty("exact").GetBoolean() ? (double?)null : weight.GetProperty("sqnr").GetDouble())];
        Assert.Equal(18, sqnr.Count(value => value is not null)); // weights above the threshold
        Assert.Equal(sqnr.OrderBy(value => value ?? double.PositiveInfinity), sqnr);
        Assert.InRange(sqnr[0]!.Value, 15, 30);
    }

    [Fact]
    public async Task Compare_BelowTheLimit_EndsWithCode1AndNamesTheWorst()
    {
        string small = _folder.At("small.mlpackage");
        await CommandLine.RunAsync("compress", s_model, "--scheme", "palettize(nbits=2)", "-o", small);

        CommandLine result = await CommandLine.RunAsync("compare", s_model, small, "--min-sqnr", "40");

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith("18 weights are below 40 dB, the worst '", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_LimitAndAnOperationOrAWeightOfOneModelAlone_EndsWithCode1AndNamesIt()
    {
        byte[] values = WireNetwork.Dense(Enumerable.Range(1, 16).Select(value => value / 16f));
        byte[] Linear(string output) => WireNetwork.InnerProduct("linear", 4, 4, values, output: output);
        string plain = Write("plain", Linear("y"));
        string added = Write("added", Linear("h"), WireNetwork.Layer("relu", 130, Wire.Of((10, Array.Empty<byte>())), "h", "y"));
        string weight = Write("weight", Linear("h"), WireNetwork.InnerProduct("other", 4, 4, WireNetwork.Dense(Enumerable.Range(1, 16).Select(value => value / 8f)), null, "h", "y"));

        CommandLine operation = await CommandLine.RunAsync("compare", plain, added, "--min-sqnr", "30");
        CommandLine lone = await CommandLine.RunAsync("compare", plain, weight, "--min-sqnr", "30");
        CommandLine same = await CommandLine.RunAsync("compare", plain, plain, "--min-sqnr", "30");

        Assert.Equal(1, operation.ExitCode);
        Assert.Matches("^the programs differ: only in B: relu '[^']+'\n$", operation.Error);
        Assert.Equal((1, $"'other' has nothing in {plain} to be compared with\n"), (lone.ExitCode, lone.Error));
        Assert.Equal((0, string.Empty), (same.ExitCode, same.Error));
    }

    private string Write(string name, params byte[][] layers)
    {
        string path = _folder.At($"{name}.mlmodel");
        File.WriteAllBytes(path, WireNetwork.Model(4, WireNetwork.Plain, WireNetwork.Network(layers)));
        return path;
    }

    [Theory]
    [InlineData("--weight-threshold: found it beside --config, expected it beside --scheme; a configuration file has a weight_threshold of its own.", "--config", "config.yaml")]
    [InlineData("--weight-threshold: found no --scheme beside it, expected the scheme that it is for.", "--compute", "float16")]
    public async Task Compress_ThresholdThatNothingReads_IsRefused(string message, params string[] options)
    {
        CommandLine result = await CommandLine.RunAsync(["compress", s_model, "--weight-threshold", "100", .. options, "-o", _folder.At("small.mlpackage")]);

        Assert.Equal((2, message + "\n"), (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task Compare_NothingThere_IsBadInput() => Assert.Equal(2, (await CommandLine.RunAsync("compare", s_model, _folder.At("none.mlpackage"))).ExitCode);

    [Fact]
    public async Task Inspect_Package_SaysWhatItIs()
    {
        CommandLine result = await CommandLine.RunAsync("inspect", s_model);

        Assert.Contains("kind    ML program in a package, specification version 9, operation set CoreML8, runs from iOS18 on", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_OneWeight_ShowsItsValuesAndWritesThem()
    {
        string small = _folder.At("small.mlpackage"), values = _folder.At("values.npy");
        await CommandLine.RunAsync("compress", s_model, "--scheme", "palettize(nbits=2)", "-o", small);
        CommandLine listing = await CommandLine.RunAsync("inspect", small, "--format", "json");
        using JsonDocument document = JsonDocument.Parse(listing.Output);
        JsonElement weight = document.RootElement.GetProperty("weights").EnumerateArray().First(candidate => candidate.GetProperty("scheme").GetString()!.StartsWith("palettize", StringComparison.Ordinal));
        Assert.Equal("palettize(mode=kmeans, nbits=2, granularity=per_tensor)", weight.GetProperty("scheme").GetString());
        Assert.InRange(weight.GetProperty("bitsPerValue").GetDouble(), 2, 2.1);

        CommandLine result = await CommandLine.RunAsync("inspect", small, "--weight", weight.GetProperty("name").GetString()!, "--values", values);

        Assert.Equal((0, string.Empty), (result.ExitCode, result.Error));
        Assert.Contains(" zero, 4 distinct", result.Output, StringComparison.Ordinal);
        Assert.Contains("part      table: float16 [1, 1, 1, 1, 4, 1], 8 bytes: ", result.Output, StringComparison.Ordinal);
        Assert.Equal(weight.GetProperty("elements").GetInt64() * 2 + 128, new FileInfo(values).Length); // a header of 128 bytes, then float16
        Assert.Equal(2, (await CommandLine.RunAsync("inspect", small, "--weight", weight.GetProperty("name").GetString()!, "--values", values)).ExitCode); // nothing is written over
    }

    [Fact]
    public async Task Inspect_NoSuchWeight_SaysSo()
    {
        CommandLine result = await CommandLine.RunAsync("inspect", s_model, "--weight", "nobody");

        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith("--weight: found 'nobody', expected a weight of ", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("small.mlmodel", "found the extension '.mlmodel', expected '.mlpackage'")]
    [InlineData("small", "found no extension, expected '.mlpackage'")]
    [InlineData("small.onnx", "found the extension '.onnx', expected '.mlpackage'")]
    public async Task Compress_OutputOfAnotherKind_IsRefusedBeforeWork(string name, string message)
    {
        CommandLine result = await CommandLine.RunAsync("compress", s_model, "--scheme", "palettize(nbits=4)", "-o", _folder.At(name));

        Assert.Equal(2, result.ExitCode);
        Assert.Equal($"{_folder.At(name)}: {message}: {s_model} is an ML program in a package, and so is what is made of it.\n", result.Error);
        Assert.False(Path.Exists(_folder.At(name)));
    }

    [Fact]
    public async Task Compress_ComputeFloat16OfAFloat16Package_SaysThatItIs()
    {
        CommandLine result = await CommandLine.RunAsync("compress", s_model, "--compute", "float16", "-o", _folder.At("half.mlpackage"));

        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith($"{s_model}: already float16: ", result.Error, StringComparison.Ordinal);
        Assert.False(Path.Exists(_folder.At("half.mlpackage")));
    }

    [Fact]
    public async Task Compress_TargetThatCannotHoldTheScheme_SaysSoBeforeWork()
    {
        CommandLine result = await CommandLine.RunAsync(
            "compress", Path.Combine(SharedData.Repository, "tests", "SweepCluster.Formats.Tests", "Fixtures", "iOS16_fp16_palettize_kmeans4.mlpackage"), "--scheme", "palettize(nbits=3)", "-o", _folder.At("small.mlpackage"));

        Assert.Equal(2, result.ExitCode);
        Assert.False(Path.Exists(_folder.At("small.mlpackage")));
    }

    [Fact]
    public async Task Plan_SchemesThatTheTargetCannotHold_AreNamedBeforeTheSweepRuns()
    {
        string spec = _folder.At("spec.yaml");
        string base16 = _folder.At("base.mlpackage");
        await CommandLine.RunAsync("decompress", Path.Combine(SharedData.Repository, "tests", "SweepCluster.Formats.Tests", "Fixtures", "iOS16_fp16_palettize_kmeans4.mlpackage"), "-o", base16);
        string Spec(string target) => $$$"""
            model: {{{base16}}}
            {{{target}}}
            objective: {command: [sh, -c, "echo 1", "{model}"], metric: score}
            schemes:
              - palettize: {nbits: [3, 4]}
              - quantize: {dtype: int4}

            """;
        await File.WriteAllTextAsync(spec, Spec(""));

        CommandLine refused = await CommandLine.RunAsync("plan", spec);
        await File.WriteAllTextAsync(spec, Spec("target: iOS18"));
        CommandLine raised = await CommandLine.RunAsync("plan", spec);

        Assert.Equal(2, refused.ExitCode);
        string[] lines = refused.Error.TrimEnd('\n').Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.EndsWith("nbits=3 needs iOS18 or later, the target is iOS16.", lines[0], StringComparison.Ordinal);
        Assert.EndsWith("dtype=int4 needs iOS18 or later, the target is iOS16.", lines[1], StringComparison.Ordinal);
        Assert.True(raised.ExitCode == 0, raised.Error);
        Assert.Contains("raised from iOS16 to iOS18", raised.Error, StringComparison.Ordinal);
        Assert.Contains("Core ML package, ML program, iOS16; written for iOS18", raised.Output, StringComparison.Ordinal);
    }
}
