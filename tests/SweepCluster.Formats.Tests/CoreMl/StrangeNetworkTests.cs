using System.Buffers.Binary;
using SweepCluster.Formats.CoreMl;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;
using SweepCluster.Testing;
using SweepCluster.Testing.Packages;

namespace SweepCluster.Formats.Tests.CoreMl;

/// <summary>Neural networks whose lists of floats are split or not packed, and weights without extents.</summary>
public sealed class StrangeNetworkTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CoreMlFormat _format = new();

    public void Dispose() => _folder.Dispose();

    // The layer's weights become float16, so its bias does too: it had both then.
    [Fact]
    public void Write_Float16BesideABiasThatIsNotPacked_LeavesOneFormOfIt()
    {
        byte[] bias = Wire.Join(Unpacked(0.25f, 0.5f, 0.75f), Wire.Of((77, "kept")));
        Graph graph = Read(WireNetwork.InnerProduct("fc", 2, 3, WireNetwork.Dense(1, 2, 3, 4, 5, 6), bias));
        Weight weight = graph.Weights[0];
        ModelTarget target = _format.ResolveTarget(graph, null);
        Dictionary<string, CompressedWeight> half = new() { ["fc"] = new DenseWeight(ElementType.Float32, TensorData.FromFloats(ElementType.Float16, weight.Shape, Decompressor.ToFloat32(weight.Stored))) };

        _format.Write(graph, _format.Complete(graph, half, target), target, _folder["half.mlmodel"], default);

        WireMessage written = Layer(File.ReadAllBytes(_folder["half.mlmodel"])).Message(140).Message(21);
        Assert.Equal([2, 77], written.Fields.Select(field => field.Field));
        Assert.Equal([0.25f, 0.5f, 0.75f], Enumerable.Range(0, 3).Select(i => (float)BinaryPrimitives.ReadHalfLittleEndian(written.Bytes(2).Span[(2 * i)..])));
    }

    [Fact]
    public void Refuses_Float16BesideABiasThatIsNotPackedAndBeyondIt_SaysSo()
    {
        Graph graph = Read(WireNetwork.InnerProduct("fc", 2, 3, WireNetwork.Dense(1, 2, 3, 4, 5, 6), Unpacked(1, 70000, 1)));

        Assert.Contains("bias", _format.Refuses(graph, graph.Weights[0], new Float16Scheme(), _format.ResolveTarget(graph, null)), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ListOfFloatsInTwoParts_IsRefused() => Assert.EndsWith(
        "layer 0 (innerProduct 'fc'), weights: found a list of floats in 2 parts, expected one.",
        FaultOf(WireNetwork.InnerProduct("fc", 2, 3, Wire.Join(WireNetwork.Dense(1, 2, 3), WireNetwork.Dense(4, 5, 6)))), StringComparison.Ordinal);

    [Fact]
    public void Read_WeightInTwoMessages_IsRefused() => Assert.EndsWith(
        "weights: found a list of floats in 2 parts, expected one.",
        FaultOf(WireNetwork.Layer("fc", 140, Wire.Of((1, 2), (2, 3), (20, WireNetwork.Dense(1, 2, 3)), (20, WireNetwork.Dense(4, 5, 6))))), StringComparison.Ordinal);

    [Fact]
    public void Read_FloatsPackedAndNot_AreRefused() => Assert.EndsWith(
        "weights: found floats that are not packed beside other values, expected values in one form.",
        FaultOf(WireNetwork.InnerProduct("fc", 2, 3, Wire.Join(WireNetwork.Dense(1, 2, 3, 4, 5, 6), Unpacked(7)))), StringComparison.Ordinal);

    // A length this near to 2 GB is an overflow for the protobuf library, which reads on behind the end of what it has.
    [Fact]
    public void Read_LayerOfTwoGigabytesInAFewBytes_IsRefused()
    {
        string path = _folder["long.mlmodel"];
        File.WriteAllBytes(path, [0x08, 0x04, 0x12, 0x00, 0xA2, 0x1F, 0x09, 0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0xA0, 0x01, 0x02]);

        Assert.Equal(
            $"{path}: found bytes that are no protobuf message (a length reaches behind their end), expected a Core ML model.",
            Assert.Throws<BadInputException>(() => _format.Read(path)).Message);
    }

    // Nothing says how many weights a custom layer has: the second part was all that was left of them.
    [Fact]
    public void Read_WeightOfACustomLayerInTwoParts_IsRefused() => Assert.EndsWith(
        "found a list of floats in 2 parts, expected one.",
        FaultOf(WireNetwork.Layer("c", 500, Wire.Of((10, "Custom"), (20, Wire.Join(WireNetwork.Dense(1, 2), WireNetwork.Dense(3, 4)))))), StringComparison.Ordinal);

    [Theory]
    [InlineData(1070, 2, "loadConstantND")]
    [InlineData(1350, 3, "layerNormalization")]
    public void Read_WeightWithoutExtents_IsRefused(int layer, int field, string kind)
    {
        byte[] code = Wire.Of((30, new byte[] { 5 }), (40, Wire.Of((1, 8), (101, Wire.Of((1, WireNetwork.Floats(0.5f)))))));

        Assert.Contains($"has none), expected those of a {kind} layer.", FaultOf(WireNetwork.Layer("c", layer, Wire.Of((field, code)))), StringComparison.Ordinal);
    }

    private static byte[] Unpacked(params float[] values) => [.. values.SelectMany(value => (byte[])[(1 << 3) | 5, .. BitConverter.GetBytes(value)])];

    private static WireMessage Layer(byte[] model) => WireMessage.Parse(model).Message(WireNetwork.Plain).Message(1);

    private string FaultOf(byte[] layer) => Assert.Throws<BadInputException>(() => Read(layer)).Message;

    private Graph Read(byte[] layer)
    {
        File.WriteAllBytes(_folder["model.mlmodel"], WireNetwork.Model(4, WireNetwork.Plain, WireNetwork.Network(layer)));
        return _format.Read(_folder["model.mlmodel"]);
    }
}
