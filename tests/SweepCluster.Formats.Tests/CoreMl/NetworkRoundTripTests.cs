using SweepCluster.Compression;
using SweepCluster.Formats.CoreMl;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;
using SweepCluster.Testing;
using SweepCluster.Testing.Packages;

namespace SweepCluster.Formats.Tests.CoreMl;

/// <summary>Neural networks and pipelines: read, compressed under every scheme, written, and read again by the product and from the wire.</summary>
public sealed class NetworkRoundTripTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CoreMlFormat _format = new();

    public static TheoryData<string> Schemes =>
    [
        .. Enumerable.Range(1, 8).Except([5, 7]).Select(bits => $"palettize(nbits={bits})"),
        "palettize(mode=uniform, nbits=4)", "palettize(mode=unique)", "float16",
        .. Enumerable.Range(2, 7).SelectMany(bits => new[] { $"quantize(dtype=int{bits})", $"quantize(mode=linear, dtype=uint{bits}, granularity=per_tensor)" }),
        "quantize(mode=linear, dtype=int8)", "quantize(mode=linear, dtype=uint1)", "quantize(mode=linear, dtype=int4, granularity=per_tensor)",
        .. Enumerable.Range(1, 8).Select(bits => $"mindspore(bit_num={bits}, quant_weight_size=0, quant_weight_channel=0)"),
    ];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Schemes))]
    public void Write_EveryLayerUnderAScheme_ComesBackExactly(string text)
    {
        Graph graph = ReadBytes(WireNetwork.Model(1, WireNetwork.Plain, SampleNetwork.Content()));
        IReadOnlyDictionary<string, CompressedWeight> replacements = Compress(graph, text, out ModelTarget target);
        Assert.True(replacements.Count >= (text.StartsWith("mindspore", StringComparison.Ordinal) ? 4 : 20), $"{replacements.Count} weights"); // its rules take few kinds

        _format.Write(graph, replacements, target, _folder["out.mlmodel"]);

        Graph written = _format.Read(_folder["out.mlmodel"]);
        AssertSame(graph, written, replacements);
        Assert.Equal(_format.Measure(graph, replacements, target), new FileInfo(_folder["out.mlmodel"]).Length);
        WireMessage model = WireMessage.Parse(File.ReadAllBytes(_folder["out.mlmodel"]));
        Assert.Equal(text == "float16" ? 2ul : 3ul, model.Number(1));
        AssertOnTheWire(model, replacements);
    }

    [Fact]
    public void Write_Unchanged_KeepsEveryByteAndUnknownFields()
    {
        byte[] source = WireNetwork.Model(4, WireNetwork.Regressor, SampleNetwork.Content());
        Graph graph = ReadBytes(source);

        _format.Write(graph, new Dictionary<string, CompressedWeight>(), _format.ResolveTarget(graph, null), _folder["copy.mlmodel"]);

        Assert.Equal(source, File.ReadAllBytes(_folder["copy.mlmodel"]));
    }

    [Fact]
    public void Write_SameReplacementsTwice_GivesTheSameBytes()
    {
        Graph graph = ReadBytes(WireNetwork.Model(3, WireNetwork.Plain, SampleNetwork.Content()));
        IReadOnlyDictionary<string, CompressedWeight> replacements = Compress(graph, "palettize(nbits=3)", out ModelTarget target);

        _format.Write(graph, replacements, target, _folder["a.mlmodel"]);
        _format.Write(graph, replacements, target, _folder["b.mlmodel"]);

        Assert.Equal(File.ReadAllBytes(_folder["a.mlmodel"]), File.ReadAllBytes(_folder["b.mlmodel"]));
    }

    [Fact]
    public void Complete_Float16Kernel_BringsItsBiasAlong()
    {
        Graph graph = ReadBytes(WireNetwork.Model(2, WireNetwork.Plain, WireNetwork.Network(
            WireNetwork.InnerProduct("fc", 2, 3, WireNetwork.Dense(1.1f, 2.2f, 3.3f, 4.4f, 5.5f, 6.6f), WireNetwork.Dense(0.1f, 0.2f, 0.3f)))));
        ModelTarget target = _format.ResolveTarget(graph, null);
        CompressedWeight half = Compressors.Compress(new PreparedWeight(graph.Weights[0]), SchemeText.Parse("float16"), new CompressOptions(target.Arithmetic), default);

        IReadOnlyDictionary<string, CompressedWeight> complete = _format.Complete(graph, new Dictionary<string, CompressedWeight> { ["fc"] = half }, target);

        Assert.Equal(["fc", "fc_bias"], complete.Keys.Order());
        Assert.Equal(new[] { (float)(Half)0.1f, (float)(Half)0.2f, (float)(Half)0.3f }, Decompressor.ToFloat32(complete["fc_bias"]));
        IReadOnlyDictionary<string, CompressedWeight> palette = Compress(graph, "palettize(nbits=1)", out _);
        Assert.Equal(["fc"], palette.Keys);
    }

    [Fact]
    public void Refuses_Float16WhereTheBiasIsBeyondIt_SaysSo()
    {
        Graph graph = ReadBytes(WireNetwork.Model(2, WireNetwork.Plain, WireNetwork.Network(
            WireNetwork.InnerProduct("fc", 1, 2, WireNetwork.Dense(1.1f, 2.2f), WireNetwork.Dense(0.1f, 1e6f)))));
        ModelTarget target = _format.ResolveTarget(graph, null);

        Assert.Equal(
            "its layer would hold 'bias' as float16 too, which has values beyond that",
            _format.Refuses(graph, graph.Weights.Single(weight => weight.Name == "fc"), SchemeText.Parse("float16"), target));
        Assert.Null(_format.Refuses(graph, graph.Weights[0], SchemeText.Parse("palettize(nbits=1)"), target));
    }

    [Fact]
    public void Decompress_Float16Layer_BecomesFloat32Throughout()
    {
        Graph graph = ReadBytes(WireNetwork.Model(2, WireNetwork.Plain, WireNetwork.Network(
            WireNetwork.InnerProduct("fc", 1, 2, WireNetwork.Halves(1.1f, 2.2f), WireNetwork.Halves(0.1f, 1f)))));
        ModelTarget target = _format.ResolveTarget(graph, null);
        Dictionary<string, CompressedWeight> plain = graph.Weights.ToDictionary(weight => weight.Name, weight => (CompressedWeight)Decompressor.ToDense(weight.Stored));

        _format.Write(graph, plain, target, _folder["plain.mlmodel"]);

        Assert.All(_format.Read(_folder["plain.mlmodel"]).Weights, weight => Assert.Equal(ElementType.Float32, Assert.IsType<DenseWeight>(weight.Stored).Values.Type));
    }

    [Theory]
    [InlineData("quantize(dtype=int8)")]
    [InlineData("palettize(nbits=4)")]
    [InlineData("float16")]
    public void Write_PipelineInsideAPipeline_ReachesEveryStage(string text)
    {
        byte[] first = WireNetwork.Model(1, WireNetwork.Plain, WireNetwork.Network(WireNetwork.InnerProduct("fc", 4, 4, Ramp(16), null, "x", "mid")), "x", "mid");
        byte[] second = WireNetwork.Model(4, WireNetwork.Plain, WireNetwork.Network(WireNetwork.InnerProduct("fc", 4, 2, Ramp(8), null, "mid", "y")), "mid", "y");
        byte[] trees = Wire.Of((1, 1), (2, Wire.Of((1, Wire.Of((1, "y"))), (10, Wire.Of((1, "class"))))), (402, Wire.Of((1, "kept"), (99, "and this"))));
        byte[] inner = WireNetwork.Model(4, WireNetwork.Pipeline, Wire.Of((1, second), (1, trees), (2, "late"), (2, "trees")), "mid", "y");
        Graph graph = ReadBytes(WireNetwork.Model(4, WireNetwork.Pipeline, Wire.Of((1, first), (1, inner), (2, "early"), (2, "rest"))));
        Assert.Equal(["fc", "rest/late/fc"], graph.Weights.Select(weight => weight.Name));
        Assert.Equal(["linear", "linear", "tree_ensemble_classifier"], graph.Nodes.Select(node => node.OpType).Where(type => type != "reshape"));
        IReadOnlyDictionary<string, CompressedWeight> replacements = Compress(graph, text, out ModelTarget target);

        _format.Write(graph, replacements, target, _folder["out.mlmodel"]);

        Graph written = _format.Read(_folder["out.mlmodel"]);
        Assert.Equal(2, replacements.Count);
        AssertSame(graph, written, replacements);
        Assert.Contains("kept", System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(_folder["out.mlmodel"])), StringComparison.Ordinal);
        Assert.Contains("and this", System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(_folder["out.mlmodel"])), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_NetworkInAPackage_StaysOne()
    {
        string package = Package(WireNetwork.Model(4, WireNetwork.Classifier, Wire.Join(SampleNetwork.Content(), Wire.Of((100, Wire.Of((1, "cat"), (1, "dog")))))));
        Graph graph = _format.Read(package);
        Assert.Equal("Core ML package, neural network classifier, iOS13", graph.FormatDescription);
        Assert.Equal(["cat", "dog"], graph.ClassLabels!.Value.ToArray());
        IReadOnlyDictionary<string, CompressedWeight> replacements = Compress(graph, "palettize(nbits=6)", out ModelTarget target);

        _format.Write(graph, replacements, target, _folder["out.mlpackage"]);

        AssertSame(graph, _format.Read(_folder["out.mlpackage"]), replacements);
        long bytes = Directory.GetFiles(_folder["out.mlpackage"], "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);
        Assert.Equal(_format.Measure(graph, replacements, target), bytes);
    }

    [Fact]
    public void Write_PathThatExists_IsRefusedAndLeftAsItIs()
    {
        Graph graph = ReadBytes(WireNetwork.Model(3, WireNetwork.Plain, SampleNetwork.Content()));
        File.WriteAllText(_folder["there.mlmodel"], "mine");

        BadInputException refused = Assert.Throws<BadInputException>(
            () => _format.Write(graph, new Dictionary<string, CompressedWeight>(), _format.ResolveTarget(graph, null), _folder["there.mlmodel"]));

        Assert.Equal($"{_folder["there.mlmodel"]}: found something that exists, expected a new path.", refused.Message);
        Assert.Equal("mine", File.ReadAllText(_folder["there.mlmodel"]));
        Assert.Equal(2, Directory.GetFiles(_folder.Path).Length);
    }

    private static byte[] Ramp(int count) => WireNetwork.Dense(Enumerable.Range(0, count).Select(i => (i * 0.37f) - 1.3f));

    private static void AssertSame(Graph graph, Graph written, IReadOnlyDictionary<string, CompressedWeight> replacements)
    {
        Assert.Equal(graph.Weights.Select(weight => weight.Name), written.Weights.Select(weight => weight.Name));
        foreach ((Weight before, Weight after) in graph.Weights.Zip(written.Weights))
        {
            CompressedWeight expected = replacements.GetValueOrDefault(before.Name, before.Stored);
            Assert.Equal(Bits(Decompressor.ToFloat32(expected)), Bits(Decompressor.ToFloat32(after.Stored)));
            Assert.Equal(expected.GetType(), after.Stored.GetType());
        }
    }

    // Values from the bytes alone, of an inner product and a convolution.
    private static void AssertOnTheWire(WireMessage model, IReadOnlyDictionary<string, CompressedWeight> replacements)
    {
        foreach ((string name, int kind, int weights, int outputs) in new[] { ("fc", 140, 20, 8), ("conv", 100, 90, 6), ("embed", 150, 20, 6) })
        {
            WireMessage layer = WireMessage.Parse(model.Bytes(WireNetwork.Plain)).Fields.Where(field => field.Field == 1)
                .Select(field => WireMessage.Parse(field.Bytes)).Single(candidate => candidate.Text(1) == name);
            if (!replacements.TryGetValue(name, out CompressedWeight? stored))
            {
                continue;
            }

            int count = (int)stored.Shape.ElementCount;

            float[] values = WireNetwork.Decode(WireMessage.Parse(WireMessage.Parse(layer.Bytes(kind)).Bytes(weights)), count, i => i / (count / outputs));

            Assert.Equal(Bits(Decompressor.ToFloat32(stored)), Bits(values));
        }
    }

    private static int[] Bits(float[] values) => Array.ConvertAll(values, BitConverter.SingleToInt32Bits);

    private IReadOnlyDictionary<string, CompressedWeight> Compress(Graph graph, string text, out ModelTarget target)
    {
        Scheme scheme = SchemeText.Parse(text);
        target = _format.ResolveTarget(graph, null);
        Assert.Null(_format.Refuses(scheme, target));
        Dictionary<string, CompressedWeight> replacements = new(StringComparer.Ordinal);
        foreach (Weight weight in graph.Weights.Where(weight => weight.Shape.Rank > 1))
        {
            if (_format.Refuses(graph, weight, scheme, target) is null && Compressors.Refuses(weight, scheme) is null)
            {
                replacements.Add(weight.Name, Compressors.Compress(new PreparedWeight(weight), scheme, new CompressOptions(target.Arithmetic), CancellationToken.None));
            }
        }

        return _format.Complete(graph, replacements, target);
    }

    private Graph ReadBytes(byte[] model)
    {
        File.WriteAllBytes(_folder["model.mlmodel"], model);
        return _format.Read(_folder["model.mlmodel"]);
    }

    private string Package(byte[] model)
    {
        string folder = _folder["model.mlpackage"];
        Directory.CreateDirectory(Path.Combine(folder, "Data", "com.apple.CoreML"));
        File.WriteAllBytes(Path.Combine(folder, "Data", "com.apple.CoreML", "model.mlmodel"), model);
        File.WriteAllText(
            Path.Combine(folder, "Manifest.json"),
            """{"fileFormatVersion": "1.0.0", "itemInfoEntries": {"m": {"author": "com.apple.CoreML", "description": "CoreML Model Specification", "name": "model.mlmodel", "path": "com.apple.CoreML/model.mlmodel"}}, "rootModelIdentifier": "m"}""");
        return folder;
    }
}
