using SweepCluster.Compression;
using SweepCluster.Engine.Jobs;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Engine.Tests.Jobs;

public class CellKeyTests
{
    private static readonly Scheme s_scheme = SchemeText.Parse("mindspore(bit_num=8)");

    private static readonly DenseWeight s_values = new(ElementType.Float32, TensorData.FromFloat32(new Shape(32, 32), [.. Enumerable.Range(0, 1024).Select(i => MathF.Sin(i) / (1 + (i / 32)))]));

    [Fact]
    public void OfCell_EqualWeights_ShareOneUnlessOperationsOfOtherTypesReadThem()
    {
        Weight one = Read("a", ("y", "linear")), alike = Read("b", ("z", "linear")), shared = Read("c", ("y", "linear"), ("z", "linear")), table = Read("d", ("y", "gather"));

        Assert.Equal(Key(one), Key(alike));
        Assert.Equal(4 - 1, new[] { Key(one), Key(alike), Key(shared), Key(table) }.Distinct().Count());
        Assert.Equal(3, new[] { one, alike, shared, table }.Select(weight => JobKeys.OfLayerSubject(weight, DecodeArithmetic.ScaleType)).Distinct().Count());
        Assert.NotEqual(Stored(one), Stored(shared)); // what a silo would have taken for the other: MindSpore's rules give a shared matrix one scale
    }

    private static string Key(Weight weight) => JobKeys.OfCell(weight, s_scheme, DecodeArithmetic.ScaleType);

    private static byte[] Stored(Weight weight) => CompressedWeightCodec.Encode(
        Compressors.Compress(new PreparedWeight(weight), s_scheme, new CompressOptions(DecodeArithmetic.ScaleType), CancellationToken.None));

    private static Weight Read(string name, params (string Node, string OpType)[] readers) =>
        new(name, s_values, [.. readers.Select(reader => new WeightUse(reader.Node, reader.OpType, "weight"))], 0, 1);
}
