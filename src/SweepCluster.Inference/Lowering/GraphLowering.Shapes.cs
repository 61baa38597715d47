using System.Collections.Immutable;
using SweepCluster.Graphs;
using SweepCluster.Inference.Planning;
using SweepCluster.Inference.Steps;
using SweepCluster.Numerics;

namespace SweepCluster.Inference.Lowering;

/// <content>Operations that move elements, and softmax.</content>
internal sealed partial class GraphLowering
{
    private Tensor Softmax(NodeReader node)
    {
        Tensor x = Value(node, "x");
        int axis = node.Integer("axis", -1);
        if ((axis < 0 ? axis + x.Rank : axis) != 1 || x.Slot.Map.Height != 1 || x.Slot.Map.Width != 1)
        {
            throw new LoweringException($"runs over axis {axis} of {x.Shape}, expected the channels of one row and one column");
        }

        Slot output = NewSlot(node.Node.Name, x.Slot.Map.Channels, 1, 1);
        return new(Emit(new SoftmaxStep { Output = output }, Blocked(x.Slot)), x.Rank);
    }

    private Tensor Concat(NodeReader node)
    {
        if (!node.Node.Inputs.TryGetValue("values", out ImmutableArray<Operand> operands) || !operands.All(operand => operand is Operand.Value))
        {
            throw new LoweringException("has constants among its values, expected computed values");
        }

        Tensor[] values = [.. operands.Cast<Operand.Value>().Select(value => _tensors[value.Name])];
        int rank = values[0].Rank, axis = node.Integers("axis", 1)[0];
        bool sameSize = values.All(value => value.Rank == rank && value.Slot.Map.Height == values[0].Slot.Map.Height && value.Slot.Map.Width == values[0].Slot.Map.Width);
        if ((axis < 0 ? axis + rank : axis) != 1 || !sameSize || node.Flag("interleave", false))
        {
            throw new LoweringException(
                $"joins {string.Join(", ", values.Select(value => value.Shape))} along axis {axis}, expected channels of equal rows and columns, one after the other");
        }

        Slot output = NewSlot(node.Node.Name, values.Sum(value => value.Slot.Map.Channels), values[0].Slot.Map.Height, values[0].Slot.Map.Width);
        return new(Emit(new ConcatStep { Output = output }, [.. values.Select(value => Blocked(value.Slot))]), rank);
    }

    private Tensor Pad(NodeReader node)
    {
        Tensor x = Spatial(node);
        string mode = node.Text("mode", "constant");
        int[] pad = node.Integers("pad", 8, 0);
        if (mode != "constant" || pad[0] != 0 || pad[1] != 0 || pad.Any(extent => extent < 0))
        {
            throw new LoweringException($"pads with mode '{mode}' by [{string.Join(", ", pad)}], expected a constant around channels, rows and columns");
        }

        Slot input = Blocked(x.Slot);
        FeatureMap map = input.Map;
        PadStep step = new()
        {
            Output = NewSlot(node.Node.Name, map.Channels + pad[2] + pad[3], map.Height + pad[4] + pad[5], map.Width + pad[6] + pad[7]),
            Value = node.Number("constant_val", 0f),
            FirstChannel = pad[2],
            FirstRow = pad[4],
            FirstColumn = pad[6],
        };
        return new(Emit(step, input), 4);
    }

    // The program declares the shape that comes out; nothing else is needed to know.
    private Tensor Reshape(NodeReader node)
    {
        Tensor x = Value(node, "x");
        Shape shape = node.Node.Outputs[0].Shape;
        if (!shape.IsKnown || shape.Rank is < 2 or > 4 || shape[0] != 1 || shape.ElementCount != x.Shape.ElementCount)
        {
            throw new LoweringException($"turns {x.Shape} into {shape}, expected as many elements in 2 to 4 axes, the first of which is the batch");
        }

        int height = shape.Rank > 2 ? shape[2] : 1, width = shape.Rank > 3 ? shape[3] : 1;
        FeatureMap map = x.Slot.Map;
        if (shape[1] == map.Channels && height == map.Height && width == map.Width)
        {
            return new(x.Slot, shape.Rank);
        }

        Slot output = NewSlot(node.Node.Name, shape[1], height, width);
        return new(Emit(new FlattenStep { Output = output }, x.Slot), shape.Rank);
    }

    private Tensor Cast(NodeReader node)
    {
        string type = node.Text("dtype", "fp32");
        return type is "fp16" or "fp32" ? Value(node, "x") : throw new LoweringException($"casts to '{type}', expected fp16 or fp32");
    }
}
