using SweepCluster.Formats.CoreMl;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;
using SweepCluster.Testing;
using SweepCluster.Testing.Packages;

namespace SweepCluster.Formats.Tests.CoreMl;

public sealed class NetworkTargetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CoreMlFormat _format = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, null, "neural network, iOS11 to iOS12", "raised from iOS11 to iOS12 where weights are quantized or palettized, to iOS11.2 where they become float16")]
    [InlineData(2, null, "neural network, iOS11.2 to iOS12", "raised from iOS11.2 to iOS12 where weights are quantized or palettized")]
    [InlineData(3, null, "neural network, iOS12", null)]
    [InlineData(5, null, "neural network, iOS14", null)]
    [InlineData(1, "iOS11.2", "neural network, iOS11.2", "raised from iOS11 to iOS11.2")]
    [InlineData(1, "ios18", "neural network, iOS18", "raised from iOS11 to iOS18")]
    [InlineData(4, "iOS13", "neural network, iOS13", null)]
    public void ResolveTarget_OfANetwork_NamesItAndSaysWhatIsRaised(int version, string? requested, string name, string? notice)
    {
        ModelTarget target = _format.ResolveTarget(Read(version), requested);

        Assert.Equal(name, target.Name);
        Assert.Equal(notice, target.Notice);
        Assert.Equal(DecodeArithmetic.ScaleAndBias, target.Arithmetic);
    }

    [Fact]
    public void ResolveTarget_OlderThanTheNetworkOrUnknown_IsRefused()
    {
        Graph graph = Read(5);

        BadInputException older = Assert.Throws<BadInputException>(() => _format.ResolveTarget(graph, "iOS12"));
        BadInputException unknown = Assert.Throws<BadInputException>(() => _format.ResolveTarget(graph, "watchOS5"));

        Assert.Equal($"target: found 'iOS12' for {graph.Source}, which needs iOS14; expected iOS14 or later.", older.Message);
        Assert.Equal(
            "target: found 'watchOS5', expected one of iOS11, iOS11.2, iOS12, iOS13, iOS14, iOS15, iOS16, iOS17, iOS18, iOS26.", unknown.Message);
    }

    [Theory]
    [InlineData("prune(target_sparsity=0.5)", "prune: a neural network has no sparse form, pruned values would be stored one by one")]
    [InlineData("palettize(nbits=4, granularity=per_grouped_channel, group_size=4)", "granularity=per_grouped_channel: a neural network has one table for each weight")]
    [InlineData("palettize(nbits=4, cluster_dim=2)", "cluster_dim=2: a neural network's tables hold single values")]
    [InlineData("palettize(nbits=4, enable_per_channel_scale=true)", "enable_per_channel_scale=true: a neural network has no scales beside a table")]
    [InlineData("palettize(nbits=4, lut_dtype=int8)", "lut_dtype=int8: a neural network's tables are float32")]
    [InlineData("quantize(dtype=int4, granularity=per_block, block_size=2)", "granularity=per_block: a neural network has scales for the tensor or for each output channel")]
    [InlineData("quantize(dtype=int9)", "dtype=int9: a neural network's codes have 1 to 8 bits")]
    [InlineData("mindspore(bit_num=9)", "bit_num=9: a neural network's codes have 1 to 8 bits")]
    [InlineData("mindspore(bit_num=0)", "bit_num=0: mixed bits take codes of 16 bits, a neural network's have 1 to 8")]
    [InlineData("palettize(nbits=3)", null)]
    [InlineData("quantize(dtype=int5)", null)]
    [InlineData("mindspore(bit_num=7)", null)]
    [InlineData("float16", null)]
    public void Refuses_WhatANetworkCannotHold_NamesTheKey(string scheme, string? reason) =>
        Assert.Equal(reason, _format.Refuses(SchemeText.Parse(scheme), _format.ResolveTarget(Read(3), null)));

    [Theory]
    [InlineData("iOS11", "float16", "float16 needs iOS11.2 or later, the target is iOS11")]
    [InlineData("iOS11.2", "float16", null)]
    [InlineData("iOS11.2", "quantize(dtype=int8)", "quantize needs iOS12 or later, the target is iOS11.2")]
    public void Refuses_WhatAnOlderTargetCannotHold_NamesTheTargets(string target, string scheme, string? reason) =>
        Assert.Equal(reason, _format.Refuses(SchemeText.Parse(scheme), _format.ResolveTarget(Read(1), target)));

    [Fact]
    public void Refuses_ScalesOfChannelsForAConstantOfAnyRank_ForThatWeightAlone()
    {
        File.WriteAllBytes(_folder["model.mlmodel"], WireNetwork.Model(4, WireNetwork.Plain, SampleNetwork.Content()));
        Graph graph = _format.Read(_folder["model.mlmodel"]);
        ModelTarget target = _format.ResolveTarget(graph, null);
        Scheme each = SchemeText.Parse("quantize(dtype=int8)"), one = SchemeText.Parse("quantize(dtype=int8, granularity=per_tensor)");

        string[] refused = [.. graph.Weights.Where(weight => weight.Shape.Rank > 1 && _format.Refuses(graph, weight, each, target) is not null).Select(weight => weight.Name)];

        Assert.Equal(["layernorm_gamma", "layernorm_beta", "constnd"], refused);
        Assert.All(graph.Weights, weight => Assert.Null(_format.Refuses(graph, weight, one, target)));
    }

    [Theory]
    [InlineData("model.mlmodel", true)]
    [InlineData("model.bin", true)]
    [InlineData("model.mlmodelc", true)]
    public void Recognizes_FilesByNameOrFirstBytes(string name, bool expected)
    {
        File.WriteAllBytes(_folder[name], WireNetwork.Model(3, WireNetwork.Plain, SampleNetwork.Content()));
        File.WriteAllText(_folder["notes.txt"], "a text");

        Assert.Equal(expected, _format.Recognizes(_folder[name]));
        Assert.False(_format.Recognizes(_folder["notes.txt"]));
    }

    [Fact]
    public void Read_CompiledModelOrOtherKinds_SaysWhatWasFound()
    {
        Directory.CreateDirectory(_folder["a.mlmodelc"]);
        File.WriteAllBytes(_folder["trees.mlmodel"], Wire.Of((1, 1), (402, "trees")));
        File.WriteAllBytes(_folder["line.mlmodel"], WireNetwork.Model(1, WireNetwork.Pipeline, Wire.Of((1, Wire.Of((1, 1), (601, "x"))), (1, Wire.Of((1, 1), (302, "y"))))));

        Assert.Equal(
            $"{_folder["a.mlmodelc"]}: found a compiled model, expected the model that it was compiled from (.mlmodel or .mlpackage).", FaultOf("a.mlmodelc"));
        Assert.Equal(
            $"{_folder["trees.mlmodel"]}: found a tree ensemble classifier, expected an ML program, a neural network, or a pipeline with one of them.", FaultOf("trees.mlmodel"));
        Assert.Equal(
            $"{_folder["line.mlmodel"]}: found a pipeline of an imputer, a tree ensemble regressor, expected an ML program, a neural network, or a pipeline with one of them.", FaultOf("line.mlmodel"));
    }

    private string FaultOf(string name) => Assert.Throws<BadInputException>(() => _format.Read(_folder[name])).Message;

    private Graph Read(int version)
    {
        File.WriteAllBytes(_folder["model.mlmodel"], WireNetwork.Model(version, WireNetwork.Plain, WireNetwork.Network(WireNetwork.InnerProduct("fc", 7, 3, WireNetwork.Dense(new float[21])))));
        return _format.Read(_folder["model.mlmodel"]);
    }
}
