using SweepCluster.Compression;
using SweepCluster.Formats.CoreMl;
using SweepCluster.Formats.CoreMl.Documents;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;
using SweepCluster.Testing;

namespace SweepCluster.Formats.Tests.CoreMl;

/// <summary>The given neural networks, made by others' tools.</summary>
[Trait("Needs", "shared")]
public sealed class GivenNetworkTests : IDisposable
{
    private const string SqueezeNet = "data/squeezenet11-imagenet/neural-network/SqueezeNet11_nn.mlmodel";
    private const string Mnist = "data/native/mnist-ph1ps/MNIST.mlmodel";

    private readonly TemporaryFolder _folder = new();
    private readonly CoreMlFormat _format = new();

    public static TheoryData<string, string> Schemes
    {
        get
        {
            TheoryData<string, string> cases = [];
            foreach (string scheme in (string[])[
                "palettize(nbits=1)", "palettize(nbits=4)", "palettize(nbits=6)", "palettize(mode=uniform, nbits=8)", "quantize(dtype=int8)", "quantize(mode=linear, dtype=uint4)",
                "quantize(dtype=int5, granularity=per_tensor)", "mindspore(bit_num=3, quant_weight_size=0, quant_weight_channel=0)", "float16"])
            {
                cases.Add(SqueezeNet, scheme);
                cases.Add(Mnist, scheme);
            }

            return cases;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(SqueezeNet)]
    [InlineData(Mnist)]
    public void Write_Unchanged_GivesTheSameMessage(string model)
    {
        string path = SharedData.PathOf(model.Split('/'));
        Graph graph = _format.Read(path);

        _format.Write(graph, new Dictionary<string, CompressedWeight>(), _format.ResolveTarget(graph, null), _folder["copy.mlmodel"]);

        // Entries of a map may stand in another order; nothing else may.
        Assert.Equal(new FileInfo(path).Length, new FileInfo(_folder["copy.mlmodel"]).Length);
        Assert.True(CoreMlDocument.Parse(path).Equals(CoreMlDocument.Parse(_folder["copy.mlmodel"])));
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public void Write_UnderAScheme_ComesBackExactly(string model, string text)
    {
        Graph graph = _format.Read(SharedData.PathOf(model.Split('/')));
        ModelTarget target = _format.ResolveTarget(graph, null);
        Scheme scheme = SchemeText.Parse(text);
        Dictionary<string, CompressedWeight> chosen = graph.Weights.Where(weight => Compressors.Refuses(weight, scheme) is null && weight.Shape.Rank > 1).ToDictionary(
            weight => weight.Name, weight => Compressors.Compress(new PreparedWeight(weight), scheme, new CompressOptions(target.Arithmetic), CancellationToken.None));
        IReadOnlyDictionary<string, CompressedWeight> replacements = _format.Complete(graph, chosen, target);

        _format.Write(graph, replacements, target, _folder["out.mlmodel"]);

        Graph written = _format.Read(_folder["out.mlmodel"]);
        Assert.NotEmpty(chosen);
        Assert.Equal(_format.Measure(graph, replacements, target), new FileInfo(_folder["out.mlmodel"]).Length);
        foreach ((Weight before, Weight after) in graph.Weights.Zip(written.Weights))
        {
            Assert.Equal(before.Name, after.Name);
            Assert.Equal(
                Array.ConvertAll(Decompressor.ToFloat32(replacements.GetValueOrDefault(before.Name, before.Stored)), BitConverter.SingleToInt32Bits),
                Array.ConvertAll(Decompressor.ToFloat32(after.Stored), BitConverter.SingleToInt32Bits));
        }
    }

    [Fact]
    public void Read_SqueezeNet_HoldsTheWeightsOfItsPackage()
    {
        Graph network = _format.Read(SharedData.PathOf(SqueezeNet.Split('/')));
        Graph program = _format.Read(SharedData.PathOf("data", "squeezenet11-imagenet", "SqueezeNet11.mlpackage"));

        // The same model, as float32 here and rounded to float16 there; the package holds preprocessing constants beside.
        float[][] kernels = [.. network.Weights.Where(weight => weight.Uses[0] is { OpType: "conv", Input: "weight" }).Select(weight => Decompressor.ToFloat32(weight.Stored))];
        float[][] halves = [.. program.Weights.Where(weight => weight.Uses[0] is { OpType: "conv", Input: "weight" } && weight.Shape.Rank == 4).Select(weight => Decompressor.ToFloat32(weight.Stored))];
        Assert.Equal(26, kernels.Length);
        Assert.Equal(kernels.Select(kernel => kernel.Length), halves.Select(kernel => kernel.Length));
        Assert.Equal(Array.ConvertAll(kernels[3], value => (float)(Half)value), halves[3]);
        Assert.Equal(1000, network.ClassLabels!.Value.Length);
        Assert.Equal(program.ClassLabels!.Value.ToArray(), network.ClassLabels!.Value.ToArray());
    }
}
