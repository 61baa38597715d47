using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Json;
using SweepCluster.Testing;
using SweepCluster.Testing.Packages;

namespace SweepCluster.EndToEnd.Tests;

/// <summary>What commands without a sweep tell people who do not know them yet.</summary>
public sealed class OneShotWordsTests : IDisposable
{
    private static readonly string s_model = Path.Combine(SharedData.Samples, "resnet20", "ResNet20.mlpackage");
    private static readonly string s_fixtures = Path.Combine(SharedData.Repository, "tests", "SweepCluster.Formats.Tests", "Fixtures");
    private readonly TemporaryFolder _folder = new();

    /// <summary>First bytes as the formats' specifications have them.</summary>
    public static TheoryData<string, byte[], string> Foreign => new()
    {
        { "model.onnx", [0x08, 0x07, 0x12, 0x07, .. "pytorch"u8, 0x1A, 0x03, .. "2.1"u8], "an ONNX model" },
        { "bare.mlmodel", [0x08, 0x08, 0x3A, 0x02, 0x12, 0x00], "an ONNX model" },
        { "photo.png", [0x89, .. "PNG\r\n\x1A\n"u8, 0, 0, 0, 13], "a PNG picture" },
        { "photo.jpg", [0xFF, 0xD8, 0xFF, 0xE0, 0, 16], "a JPEG picture" },
        { "model.tflite", [0x1C, 0, 0, 0, .. "TFL3"u8, 0x14, 0], "a TensorFlow Lite model" },
        { "weights.safetensors", [0x10, 0, 0, 0, 0, 0, 0, 0, .. "{\"a\":{\"dtype\":1}}"u8], "a safetensors file" },
        { "model.h5", [0x89, .. "HDF\r\n\x1A\n"u8], "an HDF5 file, as Keras writes" },
        { "model.mlmodel", [], "an empty file" },
        { "readme.md", [.. "# A model\n\nGrüße"u8], "a text file" },
        { "spec.mlmodel", [.. "model: a.mlpackage\n"u8], "a text file" },
    };

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(Foreign))]
    public async Task Inspect_FileOfAnotherProgram_IsToldWhatItIs(string name, byte[] bytes, string what)
    {
        string path = _folder[name];
        File.WriteAllBytes(path, bytes);

        CommandLine result = await CommandLine.RunAsync("inspect", path);

        Assert.Equal((2, $"{path}: found {what}, expected a Core ML model (.mlpackage or .mlmodel).\n"), (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task Compress_IntoAnotherPackage_IsRefused()
    {
        string other = _folder["other.mlpackage"], path = Path.Combine(other, "made", "new.mlpackage");
        Directory.CreateDirectory(other);

        CommandLine result = await CommandLine.RunAsync("compress", s_model, "--scheme", "palettize(nbits=4)", "-o", path);

        Assert.Equal((2, $"{path}: found a path inside the package {other}, expected one outside it.\n"), (result.ExitCode, result.Error));
        Assert.Empty(Directory.GetFileSystemEntries(other));
    }

    [Fact]
    public async Task Compress_WithNothingToDo_IsRefused()
    {
        CommandLine result = await CommandLine.RunAsync("compress", s_model, "--scheme", "none", "-o", _folder["new.mlpackage"]);

        Assert.Equal((2, "--scheme: found 'none', which leaves every weight as it is, expected a scheme that compresses.\n"), (result.ExitCode, result.Error));
    }

    [Theory]
    [InlineData("archive/data.pkl", "a PyTorch file")]
    [InlineData("arr_0.npy", "NumPy arrays (.npz)")]
    [InlineData("Net.mlpackage/Manifest.json", "a zip archive of a package, which has to be unpacked")]
    [InlineData("notes.txt", "a zip archive")]
    public async Task Inspect_Archive_IsToldByItsFirstEntry(string entry, string what)
    {
        string path = _folder["model.pt"];
        using (ZipArchive archive = ZipFile.Open(path, ZipArchiveMode.Create))
        {
            using Stream stream = archive.CreateEntry(entry).Open();
            stream.WriteByte(1);
        }

        CommandLine result = await CommandLine.RunAsync("inspect", path);

        Assert.Equal((2, $"{path}: found {what}, expected a Core ML model (.mlpackage or .mlmodel).\n"), (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task Inspect_EveryGivenKindOfModel_IsNotTakenForAnother()
    {
        foreach ((string name, byte[] model) in SampleNetworks.All)
        {
            File.WriteAllBytes(_folder["network"], model); // told by its bytes alone

            CommandLine result = await CommandLine.RunAsync("inspect", _folder["network"]);

            Assert.Equal((0, name), (result.ExitCode, result.ExitCode == 0 ? name : result.Error));
        }
    }

    [Fact]
    public async Task Compress_ModelThatIsCompressedInPart_SaysWhatIsLeftAloneAndWhatToDo()
    {
        string half = _folder["half.mlpackage"], config = _folder["half.yaml"];
        File.WriteAllText(config, "config_type: OpLinearQuantizerConfig\nglobal_config: null\nop_type_configs:\n  linear: {mode: linear_symmetric, dtype: int8, weight_threshold: 100}\n");
        CommandLine first = await CommandLine.RunAsync("compress", s_model, "--config", config, "-o", half);
        Assert.Equal((0, 0), (first.ExitCode, first.ExitCode == 0 ? 0 : first.Error.Length));

        CommandLine second = await CommandLine.RunAsync("compress", half, "--scheme", "palettize(nbits=4)", "-o", _folder["both.mlpackage"]);

        Assert.Equal(0, second.ExitCode);
        string[] lines = second.Error.TrimEnd('\n').Split('\n');
        Assert.Matches("^left alone: 22 weights, 1\\.59 KB: rank 1 \\('[^']+', '[^']+', '[^']+' and 19 more\\)$", lines.Single(line => line.Contains("rank 1", StringComparison.Ordinal)));
        Assert.Matches("^left alone: 1 weight, 660 B: already quantized to int8 \\('[^']+'\\)$", lines.Single(line => line.Contains("already", StringComparison.Ordinal) && line.StartsWith("left", StringComparison.Ordinal)));
        Assert.Equal($"note: 1 weight of {half} is compressed already; 'sweep decompress' first, to compress what it writes another way", lines[^1]);
    }

    [Fact]
    public async Task Compress_ModelThatIsCompressedThroughout_SaysWhatToDo()
    {
        string model = Path.Combine(s_fixtures, "iOS16_fp16_palettize_kmeans4.mlpackage");

        CommandLine result = await CommandLine.RunAsync("compress", model, "--scheme", "quantize(dtype=int8)", "-o", _folder["out.mlpackage"]);

        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith($"{model}: found no weight to compress among ", result.Error, StringComparison.Ordinal);
        Assert.EndsWith("; 'sweep decompress' makes a plain model of a compressed one.\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compress_SchemeThatTheTargetLacks_NamesTheModelAsItWasGiven()
    {
        string model = Path.Combine(s_fixtures, "iOS16_fp16_palettize_kmeans4.mlpackage");

        CommandLine result = await CommandLine.RunAsync("compress", model, "--scheme", "palettize(nbits=3)", "-o", _folder["out.mlpackage"]);

        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith($"{model}: found the scheme palettize(", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("paletize(nbits=4)", "scheme 'paletize': no such family, expected palettize, quantize, prune, mindspore, float16 or none; did you mean 'palettize'?\n")]
    [InlineData("palettize(nbit=4)", "; did you mean 'nbits'?\n")]
    [InlineData("palettize(mode=kmean)", "scheme 'palettize': mode: found 'kmean', expected kmeans or uniform or unique or custom; did you mean 'kmeans'?\n")]
    public async Task Compress_MisspeltScheme_IsAskedWhatWasMeant(string scheme, string ending)
    {
        CommandLine result = await CommandLine.RunAsync("compress", s_model, "--scheme", scheme, "-o", _folder["out.mlpackage"]);

        Assert.Equal(2, result.ExitCode);
        Assert.EndsWith(ending, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_MisspeltWeight_IsAskedWhatWasMeant()
    {
        CommandLine result = await CommandLine.RunAsync("inspect", s_model, "--weight", "m_fc_wieght_to_fp16");

        Assert.Equal(2, result.ExitCode);
        Assert.EndsWith("lists; did you mean 'm_fc_weight_to_fp16'?\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_WeightOfACompressedModel_IsFoundByTheNameThatItHadBefore()
    {
        string small = _folder["small.mlpackage"];
        CommandLine listed = await CommandLine.RunAsync("inspect", s_model, "--format", "json");
        using JsonDocument models = JsonDocument.Parse(listed.Output);
        string name = models.RootElement.GetProperty("weights").EnumerateArray().OrderByDescending(weight => weight.GetProperty("bytes").GetInt64()).First().GetProperty("name").GetString()!;
        Assert.Equal(0, (await CommandLine.RunAsync("compress", s_model, "--scheme", "palettize(nbits=4)", "-o", small)).ExitCode);

        CommandLine plain = await CommandLine.RunAsync("inspect", s_model, "--weight", name);
        CommandLine compressed = await CommandLine.RunAsync("inspect", small, "--weight", name);

        Assert.Equal((0, 0), (plain.ExitCode, compressed.ExitCode));
        Assert.DoesNotContain("none", plain.Output.Split('\n')[1], StringComparison.Ordinal); // no scheme
        Assert.StartsWith($"{name}_palettized: ", compressed.Output, StringComparison.Ordinal);
        Assert.Contains("palettize(", compressed.Output.Split('\n')[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_Model_ShowsTypesAndShapesOfItsOutputs()
    {
        CommandLine text = await CommandLine.RunAsync("inspect", s_model), json = await CommandLine.RunAsync("inspect", s_model, "--format", "json");

        Assert.Contains("\noutput  logits float16 [1, 10]\n", text.Output, StringComparison.Ordinal);
        JsonElement output = JsonDocument.Parse(json.Output).RootElement.GetProperty("outputs")[0];
        Assert.Equal(("logits", "float16", 10), (output.GetProperty("name").GetString(), output.GetProperty("type").GetString(), output.GetProperty("shape")[1].GetInt32()));
    }

    [Fact]
    public async Task Evaluate_GrayPicturesOfAnotherSizeIntoFloat16_SaysWhatBecomesOfThem()
    {
        string images = _folder["t10k-images-idx3-ubyte"], labels = _folder["t10k-labels-idx1-ubyte"];
        File.WriteAllBytes(images, Idx(new byte[2 * 28 * 28], 2, 28, 28));

        CommandLine alone = await CommandLine.RunAsync("evaluate", s_model, "--data", images);
        File.WriteAllBytes(labels, Idx([3, 4], 2));
        CommandLine unnamed = await CommandLine.RunAsync("evaluate", s_model, "--data", images);
        CommandLine result = await CommandLine.RunAsync("evaluate", s_model, "--data", images, "--labels", labels);

        string none = $"{images}: found no labels for it in {_folder["labels.npy"]}, expected a file of one number for each sample, named by labels";
        Assert.Equal((2, $"{none}.\n"), (alone.ExitCode, alone.Error));
        Assert.Equal((2, $"{none}: t10k-labels-idx1-ubyte, beside it, may be that.\n"), (unnamed.ExitCode, unnamed.Error));
        Assert.Equal(0, result.ExitCode);
        string[] notes = result.Error.TrimEnd('\n').Split('\n');
        Assert.Equal(3, notes.Length);
        Assert.Equal($"note: {images}: pictures of 28 x 28 are resized to 32 x 32, the model's size", notes[0]);
        Assert.Equal($"note: {images}: gray pictures: the model's three colours all get the gray value", notes[1]);
        Assert.Matches("^note: the program computes in float16, and was run in float32: the largest value in it over 2 samples is [0-9.]+, float16 holds up to 65504$", notes[2]);
    }

    [Fact]
    public async Task Export_ToAPathThatExists_IsRefusedBeforeAnythingElse()
    {
        CommandLine result = await CommandLine.RunAsync("export", _folder["no-such-results"], "--max-drop", "1", "-o", _folder.Path);

        Assert.Equal((2, $"{_folder.Path}: found something that exists, expected a new path.\n", ""), (result.ExitCode, result.Error, result.Output));
    }

    [Fact]
    public async Task Compare_ModelsOfDifferentNetworks_SaysSoFirst()
    {
        File.WriteAllBytes(_folder["other.mlmodel"], SampleNetworks.All["float32"]);

        CommandLine other = await CommandLine.RunAsync("compare", s_model, _folder["other.mlmodel"]), same = await CommandLine.RunAsync("compare", s_model, s_model);

        Assert.StartsWith("These models have nothing in common: no operation and no weight of one is in the other.\nA  ", other.Output, StringComparison.Ordinal);
        Assert.StartsWith("A  ", same.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("quantize(dtype=int8, granularity=per_tensor)", "note: raised from iOS11 to iOS12, which is the first that has such weights")]
    [InlineData("float16", "note: raised from iOS11 to iOS11.2, which is the first that has such weights")]
    public async Task Compress_OldNetwork_SaysHowFarItWasRaised(string scheme, string note)
    {
        File.WriteAllBytes(_folder["old.mlmodel"], SampleNetworks.All["float32"]);

        CommandLine result = await CommandLine.RunAsync("compress", _folder["old.mlmodel"], "--scheme", scheme, "--weight-threshold", "0", "-o", _folder["new.mlmodel"]);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains(note, result.Error.Split('\n'));
        Assert.DoesNotContain("where weights are", result.Error, StringComparison.Ordinal);
    }

    private static byte[] Idx(byte[] elements, params int[] extents)
    {
        byte[] file = [0, 0, 8, (byte)extents.Length, .. new byte[4 * extents.Length], .. elements];
        for (int axis = 0; axis < extents.Length; axis++)
        {
            BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(4 + (4 * axis)), extents[axis]);
        }

        return file;
    }
}
