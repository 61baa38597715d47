using SweepCluster.Formats.CoreMl;
using SweepCluster.Formats.CoreMl.NeuralNetworks;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;
using SweepCluster.Testing;
using SweepCluster.Testing.Packages;

namespace SweepCluster.Formats.Tests.CoreMl;

/// <summary>Neural networks made to harm: small files that ask for much memory, layers of very many inputs or weights, settings that make no sense.</summary>
public sealed class HostileNetworkTests : IDisposable
{
    private const long SpareBytes = 64L << 20;

    private readonly TemporaryFolder _folder = new();
    private readonly CoreMlFormat _format = new();

    public void Dispose() => _folder.Dispose();

    // A field of another wire type is kept as one that nobody knows: a table of hundreds of bytes for two.
    [Theory]
    [InlineData(10)]
    [InlineData(280_000)]
    public void Read_WeightsWhoseFieldsHaveTheWrongWireType_StayInBounds(int count) =>
        AssertBounded(Wire.Join(Wire.Of((10, "Own")), Wire.Repeated(20, Enumerable.Repeat((WireValue)new byte[] { 0x08, 0x00 }, count))), 500, 1);

    // One weight that stays where it lies, so that the others are looked for, too. As many as are read, and more: a custom layer's were made weights of a graph whose memory nobody had counted.
    [Theory]
    [InlineData(28_000, 0)]
    [InlineData(27_000, 16)]
    [InlineData(30_000, 1000)]
    [InlineData(400_000, 0)]
    [InlineData(200_000, 15)]
    [InlineData(300_000, 16)]
    [InlineData(200_000, 17)]
    [InlineData(250_000, 64)]
    public void Read_ThousandsOfWeightsOfFewBytes_StayInBounds(int count, int bytes) =>
        AssertBounded(Wire.Join(Wire.Of((10, "Own"), (20, WireNetwork.Dense(1f, 2f, 3f, 4f))), Wire.Repeated(20, Enumerable.Repeat((WireValue)(bytes == 0 ? [] : Wire.Of((2, new byte[bytes]))), count))), 500, 1);

    [Theory]
    [InlineData(230)] // add
    [InlineData(320)] // concat
    [InlineData(500)] // custom
    public void Read_LayerOfHundredsOfThousandsOfInputs_StaysInBounds(int kind) => AssertBounded([], kind, 340_000);

    [Theory]
    [InlineData(1000, 999)]
    [InlineData(1001, 1)]
    public void Read_SumOfManyValues_IsOneOperationBeyondAThousand(int inputs, int operations)
    {
        Graph graph = _format.Read(Write(Layer([], 230, inputs)));

        Assert.Equal(operations, graph.Nodes.Count(node => node.OpType == "add"));
        Assert.Equal(inputs == 1000 ? 2 : inputs, graph.Nodes[^1].Inputs.Values.Sum(operands => operands.Length));
    }

    // Once for each weight, its layer's weights were listed.
    [Fact]
    public void Use_OfALayerOfThousandsOfWeights_ListsThemOnce()
    {
        const int Count = 4000;
        Graph graph = _format.Read(Write(Layer(Wire.Join(Wire.Of((10, "Own")), Wire.Repeated(20, Enumerable.Repeat((WireValue)WireNetwork.Dense(1f), Count))), 500, 1)));
        ModelTarget target = _format.ResolveTarget(graph, null);
        Scheme scheme = SchemeText.Parse("float16");
        Dictionary<string, CompressedWeight> halves = graph.Weights.ToDictionary(
            weight => weight.Name, weight => (CompressedWeight)new DenseWeight(weight.Type, TensorData.FromFloats(ElementType.Float16, weight.Shape, [1f])));

        long allocated = Allocated(() =>
        {
            Assert.All(graph.Weights, weight => Assert.Null(_format.Refuses(graph, weight, scheme, target)));
            Assert.Equal(Count, _format.Complete(graph, halves, target).Count);
            _format.Measure(graph, halves, target);
        });

        Assert.Equal(Count, graph.Weights.Length);
        Assert.InRange(allocated, 0, SpareBytes);
    }

    // Each name was made anew from the first copy on.
    [Fact]
    public void Read_ThousandsOfLayersOfOneName_StaysInBounds()
    {
        byte[] layer = WireNetwork.InnerProduct("fc", 1, 1, WireNetwork.Dense(1f));
        string path = Write([.. Enumerable.Repeat(layer, 4000)]);

        Graph? graph = null;
        long allocated = Allocated(() => graph = _format.Read(path));

        Assert.Equal(["fc", "fc#2", "fc#3"], graph!.Weights.Take(3).Select(weight => weight.Name));
        Assert.Equal("fc#4000", graph.Weights[^1].Name);
        Assert.InRange(allocated, 0, SpareBytes + (4 * new FileInfo(path).Length));
    }

    [Theory]
    [InlineData(1085, -2L)] // fillStatic
    [InlineData(1105, -1L)] // broadcastToStatic
    [InlineData(1140, -3L)] // reshapeStatic
    [InlineData(1140, long.MinValue)]
    [InlineData(1150, -3L)] // rankPreservingReshape
    public void Read_LayerOfNegativeExtents_IsCarriedThrough(int kind, long extent)
    {
        Graph graph = _format.Read(Write(Layer(Wire.Join(Wire.Of((1, Wire.Packed(extent))), Wire.Of((2, Wire.Packed(extent)))), kind, 1)));

        Assert.NotEmpty(graph.Nodes);
        Assert.False(graph.Nodes[^1].Outputs[0].Shape.IsKnown);
    }

    [Fact]
    public void Measure_CodesBelowEightBits_CountsThemWithoutRepackingThem()
    {
        const int Side = 1024;
        Graph graph = _format.Read(Write(WireNetwork.InnerProduct("fc", Side, Side, WireNetwork.Dense(new float[Side * Side]))));
        ModelTarget target = _format.ResolveTarget(graph, null);
        Shape one = new(1, 1);
        TensorData codes = TensorData.FromCodes(ElementType.UInt4, new Shape(Side, Side), [.. Enumerable.Range(0, Side * Side).Select(i => i % 16)]);
        Dictionary<string, CompressedWeight> coded = new() { ["fc"] = new QuantizedWeight(codes, TensorData.FromFloat32(one, [1f]), TensorData.FromFloat32(one, [2f])) };
        _format.Measure(graph, coded, target); // what is made once

        long measured = 0, allocated = Allocated(() => measured = _format.Measure(graph, coded, target));
        _format.Write(graph, coded, target, _folder["out.mlmodel"]);

        Assert.InRange(allocated, 0, (Side * Side / 2) - 1);
        Assert.Equal(measured, new FileInfo(_folder["out.mlmodel"]).Length);
        Assert.Equal(Decompressor.ToFloat32(coded["fc"]), Decompressor.ToFloat32(_format.Read(_folder["out.mlmodel"]).Weights[0].Stored));
    }

    [Theory]
    [InlineData(ElementType.UInt1, 13)]
    [InlineData(ElementType.UInt3, 17)]
    [InlineData(ElementType.UInt6, 8)]
    public void MostFirstCodes_OfAnyWidth_ArePackedWhenTheirBytesAreAskedFor(ElementType type, int count)
    {
        int[] values = [.. Enumerable.Range(0, count).Select(i => i % (1 << type.BitWidth()))];
        MostFirstCodes codes = new(TensorData.FromCodes(type, new Shape(count), values));

        int length = codes.Memory.Length;

        Assert.False(codes.IsPacked);
        Assert.Equal(WireNetwork.MostFirst(type.BitWidth(), values), codes.Memory.ToArray());
        Assert.Equal(codes.Memory.Length, length);
    }

    private static byte[] Layer(byte[] settings, int kind, int inputs) =>
        Wire.Join(Wire.Of((1, "l")), Wire.Repeated(2, Enumerable.Repeat((WireValue)"x", inputs)), Wire.Of((3, "y"), (kind, settings)));

    private string Write(params byte[][] layers)
    {
        File.WriteAllBytes(_folder["model.mlmodel"], WireNetwork.Model(3, WireNetwork.Plain, WireNetwork.Network(layers)));
        return _folder["model.mlmodel"];
    }

    private void AssertBounded(byte[] settings, int kind, int inputs)
    {
        string path = Write(Layer(settings, kind, inputs));

        long allocated = Allocated(() =>
        {
            Exception? fault = Record.Exception(() => _format.Read(path));
            Assert.True(fault is null or BadInputException, fault?.ToString());
        });

        Assert.InRange(allocated, 0, SpareBytes + (4 * new FileInfo(path).Length));
    }

    private static long Allocated(Action act)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        act();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
