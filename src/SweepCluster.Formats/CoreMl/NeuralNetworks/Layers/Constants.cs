using System.Runtime.InteropServices;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks.Layers;

/// <summary>Constant operands.</summary>
internal static class Constants
{
    internal static Operand Integers(params ReadOnlySpan<int> values) =>
        new Operand.Constant(new TensorData(ElementType.Int32, new Shape(values.Length), MemoryMarshal.AsBytes(values).ToArray()));

    internal static Operand Integer(int value) => new Operand.Constant(new TensorData(ElementType.Int32, Shape.Scalar, BitConverter.GetBytes(value)));

    internal static Operand Flag(bool value) => new Operand.Constant(new TensorData(ElementType.Bool, Shape.Scalar, new[] { value ? (byte)1 : (byte)0 }));

    internal static Operand Flags(IEnumerable<bool> values)
    {
        byte[] bytes = [.. values.Select(value => value ? (byte)1 : (byte)0)];
        return new Operand.Constant(new TensorData(ElementType.Bool, new Shape(bytes.Length), bytes));
    }

    internal static Operand Number(float value) => new Operand.Constant(TensorData.FromFloat32(Shape.Scalar, [value]));

    internal static Operand Numbers(Shape shape, ReadOnlySpan<float> values) => new Operand.Constant(TensorData.FromFloat32(shape, values));

    internal static Operand Text(string content) => new Operand.Text(content);
}
