using SweepCluster.Compression;
using SweepCluster.Formats.CoreMl;
using SweepCluster.Formats.CoreMl.Documents;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;
using SweepCluster.Testing;
using SweepCluster.Testing.Packages;

namespace SweepCluster.Formats.Tests.CoreMl;

/// <summary>A pipeline in a package: an ML program, then a neural network.</summary>
public sealed class MixedPipelineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CoreMlFormat _format = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("palettize(nbits=4)")]
    [InlineData("palettize(nbits=1)")]
    [InlineData("float16")]
    public void Write_BothKinds_ComeBackExactly(string text)
    {
        Graph graph = _format.Read(Package(level: 6));
        ModelTarget target = _format.ResolveTarget(graph, null);
        Scheme scheme = SchemeText.Parse(text);
        Assert.Null(_format.Refuses(scheme, target));
        Dictionary<string, CompressedWeight> replacements = graph.Weights.ToDictionary(
            weight => weight.Name, weight => Compressors.Compress(new PreparedWeight(weight), scheme, new CompressOptions(target.Arithmetic), CancellationToken.None));

        _format.Write(graph, replacements, target, _folder["out.mlpackage"], CancellationToken.None);

        Graph written = _format.Read(_folder["out.mlpackage"]);
        Assert.Equal(["w", "fc"], graph.Weights.Select(weight => weight.Name));
        foreach ((Weight before, Weight after) in graph.Weights.Zip(written.Weights))
        {
            Assert.Equal(Decompressor.ToFloat32(replacements[before.Name]), Decompressor.ToFloat32(after.Stored));
        }

        long bytes = Directory.GetFiles(_folder["out.mlpackage"], "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);
        Assert.Equal(_format.Measure(graph, replacements, target), bytes);
        Assert.Equal(7, ReadModel("out.mlpackage").SpecificationVersion);
    }

    [Fact]
    public void ResolveTarget_OfBothKinds_NamesBoth()
    {
        Graph graph = _format.Read(Package(level: 6));

        Assert.Equal("iOS16 and neural network, iOS13", _format.ResolveTarget(graph, null).Name);
        Assert.Equal("iOS18 and neural network, iOS18", _format.ResolveTarget(graph, "iOS18").Name);
        Assert.Equal("Core ML package, pipeline of 2 stages (ML program, neural network), iOS16 and neural network, iOS13", graph.FormatDescription);
    }

    [Fact]
    public void Refuses_WhatOneOfThemCannotHold_NamesIt()
    {
        Graph graph = _format.Read(Package(level: 8));
        ModelTarget target = _format.ResolveTarget(graph, null);

        Assert.Equal(
            "quantize: devices decode codes of an ML program and of a neural network by different arithmetic, and the model has both",
            _format.Refuses(SchemeText.Parse("quantize(dtype=int8)"), target));
        Assert.Equal("prune: a neural network has no sparse form, pruned values would be stored one by one", _format.Refuses(SchemeText.Parse("prune(target_sparsity=0.5)"), target));
        Assert.Null(_format.Refuses(SchemeText.Parse("palettize(nbits=6)"), target));
    }

    // What a person reads, what is asked for by default and what a write takes are one target.
    [Fact]
    public void Facts_OfAPipelineOfNetworks_NameItsTargetAsItIsWritten()
    {
        byte[] stage = WireNetwork.Model(3, WireNetwork.Plain, WireNetwork.Network(WireNetwork.InnerProduct("fc", 4, 4, WireNetwork.Dense(new float[16]), output: "y")));
        File.WriteAllBytes(_folder["line.mlmodel"], WireNetwork.Model(5, WireNetwork.Pipeline, Wire.Of((1, stage))));
        Graph graph = _format.Read(_folder["line.mlmodel"]);

        Assert.Equal("iOS14", graph.Facts!.Target);
        Assert.Equal("neural network, iOS14", _format.ResolveTarget(graph, null).Name);
        Assert.Equal("neural network, iOS14", _format.ResolveTarget(graph, graph.Facts.Target).Name);
        Assert.Equal("Core ML file, pipeline of 1 stage (neural network), iOS14", graph.FormatDescription);
    }

    [Fact]
    public void Facts_OfSeveralPrograms_ShowFunctionsAndStatesOfAll()
    {
        byte[][] stages = [.. new[] { ("CoreML7", "first"), ("CoreML8", "second") }.Select(stage => Mil.Model(
            9, [],
            ("main", Mil.Function(stage.Item1, [Mil.Named($"state_{stage.Item2}", Wire.Of((5, Wire.Of((1, Mil.Tensor("fp32", 2))))))], (stage.Item1, Mil.Block([], [])))),
            ("other", Mil.Function(stage.Item1, [], (stage.Item1, Mil.Block([], []))))))];
        byte[] content = Wire.Join(Wire.Repeated(1, stages.Select(stage => (WireValue)stage)), Wire.Repeated(2, "a", "a"));
        string path = WirePackage.Of(WireNetwork.Model(9, WireNetwork.Pipeline, content), new WireBlobs()).Write(_folder["two.mlpackage"]);

        ModelFacts facts = _format.Read(path).Facts!;

        Assert.Equal(["a/main", "a/main#2", "a/other", "a/other#2"], facts.Functions.Select(function => function.Name));
        Assert.Equal([true, true, false, false], facts.Functions.Select(function => function.IsMain));
        Assert.Equal(["CoreML7", "CoreML8", "CoreML7", "CoreML8"], facts.Functions.Select(function => function.OperationSet));
        Assert.Equal("CoreML7, CoreML8", facts.OperationSet);
        Assert.Equal(["state_first", "state_second"], facts.States.Select(state => state.Name));
    }

    // A name was looked for from the first number on for each of them, and each output among all inputs.
    [Fact]
    public void Read_StageOfThousandsOfFeaturesOfOneName_StaysInBounds()
    {
        const int Count = 10_000;
        byte[] empty = Wire.Of((2, Wire.Join(Wire.Repeated(1, Enumerable.Repeat((WireValue)Array.Empty<byte>(), Count)), Wire.Repeated(10, Enumerable.Repeat((WireValue)Array.Empty<byte>(), Count)))));
        byte[] network = WireNetwork.Model(3, WireNetwork.Plain, WireNetwork.Network(WireNetwork.InnerProduct("fc", 1, 1, WireNetwork.Dense(1f))));
        byte[] pipeline = WireNetwork.Model(3, WireNetwork.Pipeline, Wire.Join(Wire.Repeated(1, Wire.Join(empty, empty), network), Wire.Repeated(2, "same", "net")));
        File.WriteAllBytes(_folder["many.mlmodel"], pipeline);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Graph graph = _format.Read(_folder["many.mlmodel"]);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(["", "same/", "same/#2", "same/#3"], graph.Nodes[0].Outputs.Take(4).Select(output => output.Name));
        Assert.Equal(2 * Count, graph.Nodes[0].Outputs.Select(output => output.Name).Distinct().Count());
        Assert.InRange(allocated, 0, (64L << 20) + (4L * pipeline.Length));
    }

    [Fact]
    public void Facts_OfAFunctionWhoseNameHasControlCharacters_SayWhatIsWrongInOneLine()
    {
        byte[] program = Mil.Model(
            9, [], ("main", Mil.Function("CoreML8", [], ("CoreML8", Mil.Block([], [])))), ("an\nother", Mil.Function("CoreML8", [], ("CoreML7", Mil.Block([], [])))));
        FunctionFacts other = _format.Read(WirePackage.Of(program, new WireBlobs()).Write(_folder["odd.mlpackage"])).Facts!.Functions[1];

        Assert.EndsWith("function an other: found no block for operation set 'CoreML8', expected one.", Assert.Throws<BadInputException>(() => other.Program.Value).Message, StringComparison.Ordinal);
    }

    private string Package(int level)
    {
        PackageBuilder builder = new(level);
        builder.Add(PackageBuilder.Const("w", builder.Stored(PackageBuilder.Floats(3, 4, 4, 1, 1))));
        builder.Add(PackageBuilder.Op("conv", "mid", ("x", "x"), ("weight", "w"))).Returns("mid");
        Model program = builder.Model.Clone();
        program.Description = new ModelDescription { Input = { new FeatureDescription { Name = "x" } }, Output = { new FeatureDescription { Name = "mid" } } };
        Model network = Model.Parser.ParseFrom(WireNetwork.Model(
            4, WireNetwork.Plain,
            WireNetwork.Network(WireNetwork.InnerProduct("fc", 4, 3, WireNetwork.Dense(Enumerable.Range(0, 12).Select(i => (i * 0.3f) - 1)), null, "mid", "y")), "mid"));
        builder.Model.Description = new ModelDescription { Input = { new FeatureDescription { Name = "x" } }, Output = { new FeatureDescription { Name = "y" } } };
        builder.Model.Pipeline = new Pipeline { Models = { program, network } };
        return builder.Write(_folder["model.mlpackage"]);
    }

    private Model ReadModel(string package) => CoreMlDocument.Parse(Path.Combine(_folder[package], "Data", "com.apple.CoreML", "model.mlmodel"));
}
