using System.Collections.Immutable;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Sweeps.Tests.Fixtures;

/// <summary>Graphs that hold weights and who reads them; nothing else of a graph matters to a sweep's space.</summary>
internal static class TestGraph
{
    public static Graph Of(params Weight[] weights) => new()
    {
        Source = "net.mlpackage",
        Inputs = [],
        Outputs = [],
        Nodes = [],
        Weights = [.. weights],
        FormatDescription = "test",
    };

    /// <summary>A float16 weight; every weight of another name holds other values.</summary>
    public static Weight Dense(string name, int[] shape, string opType = "conv", string? node = null, string? conflict = null) =>
        new(name, Values(name, new Shape(shape)), [new WeightUse(node ?? name + "_out", opType, "weight")], 0, Math.Min(1, shape.Length - 1), conflict);

    public static DenseWeight Values(string name, Shape shape)
    {
        float[] values = new float[shape.ElementCount];
        values[0] = name.Sum(letter => (float)letter);
        return new DenseWeight(ElementType.Float16, TensorData.FromFloat16(shape, values));
    }

    public static ImmutableArray<WeightUse> Uses(params (string Node, string OpType)[] uses) => [.. uses.Select(use => new WeightUse(use.Node, use.OpType, "weight"))];
}
