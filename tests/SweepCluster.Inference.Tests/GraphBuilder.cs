using System.Collections.Immutable;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Inference.Tests;

/// <summary>Builds small graphs operation by operation.</summary>
internal sealed class GraphBuilder(params int[] inputShape)
{
    private readonly List<Node> _nodes = [];
    private readonly List<Weight> _weights = [];

    public static Operand Value(string name) => new Operand.Value(name);

    public static Operand Text(string content) => new Operand.Text(content);

    public static Operand Integers(params int[] values) =>
        new Operand.Constant(new(ElementType.Int32, new(values.Length), System.Runtime.InteropServices.MemoryMarshal.AsBytes<int>(values).ToArray()));

    public static Operand Number(float value) => new Operand.Constant(TensorData.FromFloat32(Shape.Scalar, [value]));

    public static Operand Flag(bool value) => new Operand.Constant(new(ElementType.Bool, Shape.Scalar, new[] { value ? (byte)1 : (byte)0 }));

    public Operand Weight(string name, Shape shape, params float[] values)
    {
        Weight weight = new(name, new DenseWeight(ElementType.Float32, TensorData.FromFloat32(shape, values)), [], 0, 1);
        _weights.Add(weight);
        return new Operand.Parameter(weight);
    }

    public GraphBuilder Add(string type, string name, Shape declared, params (string Input, Operand Operand)[] inputs)
    {
        ImmutableSortedDictionary<string, ImmutableArray<Operand>> operands = inputs.GroupBy(input => input.Input)
            .ToImmutableSortedDictionary(group => group.Key, group => group.Select(input => input.Operand).ToImmutableArray());
        _nodes.Add(new(type, operands, [new(name, ElementType.Float32, declared)], $"function main, operation {_nodes.Count}"));
        return this;
    }

    /// <summary>Gives the last operation one more output.</summary>
    public GraphBuilder AddOutput(string name, Shape declared)
    {
        Node last = _nodes[^1];
        _nodes[^1] = new(last.OpType, last.Inputs, last.Outputs.Add(new(name, ElementType.Float32, declared)), last.Place);
        return this;
    }

    public Graph Build(params string[] outputs) => new()
    {
        Source = "made.mlpackage",
        Inputs = [new(new("x", ElementType.Float32, new(inputShape)), null)],
        Outputs = [.. outputs],
        Nodes = [.. _nodes],
        Weights = [.. _weights],
        FormatDescription = "made in a test",
    };

    /// <summary>Compiles for the last operation and runs.</summary>
    public float[] Run(params float[] input)
    {
        Network network = Network.Compile(Build(_nodes[^1].Name), Weights.Dense, _nodes[^1].Name);
        int samples = checked((int)(input.Length / network.InputShape.ElementCount));
        float[] output = new float[samples * network.OutputSize];
        network.Run(input, samples, output, network.CreateWorkspace(samples));
        return output;
    }
}
