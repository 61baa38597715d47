using SweepCluster.Formats.CoreMl.Programs;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.Tests.CoreMl;

// Bytes worked by hand from what coremltools does (elements cut to their low bits, least significant first, then packed into bytes in that order);
// its own test_sub_byte_immediate_value has the first one: -8 and 7 in one byte.
public sealed class ImmediateTests
{
    [Theory]
    [InlineData(ElementType.Int4, new[] { -8, 7 }, new byte[] { 0x78 })]
    [InlineData(ElementType.Int4, new[] { 0, 1, -1, 2, -2, 3, -8, 7 }, new byte[] { 0x10, 0x2F, 0x3E, 0x78 })] // offsets of eight blocks
    [InlineData(ElementType.UInt4, new[] { 15, 0, 9 }, new byte[] { 0x0F, 0x09 })]
    [InlineData(ElementType.UInt1, new[] { 1, 0, 0, 1, 0, 0, 0, 0, 1 }, new byte[] { 0x09, 0x01 })]
    [InlineData(ElementType.UInt2, new[] { 3, 0, 2, 1, 1 }, new byte[] { 0x63, 0x01 })]
    [InlineData(ElementType.UInt3, new[] { 7, 0, 5 }, new byte[] { 0x47, 0x01 })] // 111 000 101, first element lowest: 1 0100 0111
    [InlineData(ElementType.UInt6, new[] { 63, 1 }, new byte[] { 0x7F, 0x00 })]
    public void Tensor_FewSubByteElements_StandPackedInTheProgram(ElementType type, int[] codes, byte[] packed)
    {
        Value value = new ValueWriter().Tensor(TensorData.FromCodes(type, new Shape(codes.Length), codes), PackageBuilder.WeightFile);

        Assert.Equal(packed, value.ImmediateValue.Tensor.Bytes.Values.ToByteArray());
    }

    [Fact]
    public void Read_PackedOffsets_GivesTheirSigns()
    {
        Value offsets = new()
        {
            Type = MilTypes.TensorOf(ElementType.Int4, new Shape(1, 8)),
            ImmediateValue = new Value.Types.ImmediateValue
            {
                Tensor = new TensorValue { Bytes = new TensorValue.Types.RepeatedBytes { Values = Google.Protobuf.ByteString.CopyFrom(0x10, 0x2F, 0x3E, 0x78) } },
            },
        };
        Value data = PackageBuilder.Immediate(TensorData.FromCodes(ElementType.Int4, new Shape(1, 8), [0, 0, 0, 0, 0, 0, 0, 0]));
        Value scale = PackageBuilder.Immediate(TensorData.FromFloat32(new Shape(1, 8), [1, 1, 1, 1, 1, 1, 1, 1]));
        Operation weight = new() { Type = "constexpr_blockwise_shift_scale" };
        weight.Attributes.Add("name", ValueWriter.Text("w"));
        weight.Inputs.Add("data", PackageBuilder.Inline(data));
        weight.Inputs.Add("scale", PackageBuilder.Inline(scale));
        weight.Inputs.Add("offset", PackageBuilder.Inline(offsets));
        weight.Outputs.Add(PackageBuilder.Named("w", ElementType.Float32, 1, 8));
        using SweepCluster.Testing.TemporaryFolder folder = new();
        string path = new PackageBuilder().Add(weight, PackageBuilder.Op("linear", "y", ("x", "x"), ("weight", "w"))).Returns("y").Write(folder.At("m.mlpackage"));

        Graph graph = new SweepCluster.Formats.CoreMl.CoreMlFormat().Read(path);

        Assert.Equal([0f, -1, 1, -2, 2, -3, 8, -7], Graphs.Weights.Decompressor.ToFloat32(Assert.Single(graph.Weights).Stored));
    }
}
