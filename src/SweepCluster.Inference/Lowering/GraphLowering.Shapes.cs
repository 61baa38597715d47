using System.Collections.Immutable;
using SweepCluster.Graphs;
using SweepCluster.Inference.Planning;
using SweepCluster.Inference.Steps;
using SweepCluster.Numerics;

namespace SweepCluster.Inference.Lowering;

/// <content>Operations that put values together, take them apart, or name their axes anew.</content>
internal sealed partial class GraphLowering
{
    private Tensor Concat(NodeReader node)
    {
        Tensor[] values = Values(node);
        int axis = node.Node.Inputs.ContainsKey("axis") ? node.Axis("axis", values[0].Rank, 0) : throw new LoweringException("has no input 'axis'");
        string shapes = string.Join(", ", values.Select(value => value.Shape));
        if (values.Any(value => value.Rank != values[0].Rank || value.Shape.With(axis, 1) != values[0].Shape.With(axis, 1)) || node.Flag("interleave", false))
        {
            throw new LoweringException($"joins {shapes} along axis {axis}, expected values that are equal but for that axis, one after the other");
        }

        Shape shape = values[0].Shape.With(axis, checked(values.Sum(value => value.Shape[axis])));
        if (axis == 1 && shape.Rank is 2 or 3 or 4 && shape[0] == 1)
        {
            Tensor joined = NewTensor(node.Node.Name, shape);
            return new(Emit(new ConcatStep { Output = joined.Slot }, [.. values.Select(value => Blocked(Natural(value)))]), shape);
        }

        // One behind the other, then each element to its place.
        Slot row = NewSlot(node.Node.Name, checked((int)shape.ElementCount), 1, 1);
        Emit(new ConcatStep { Output = row }, [.. values.Select(Plain)]);
        return Rearrange(node.Node.Name, new(row, new(1, row.Map.Channels)), shape, () => JoinMap(values, shape, axis));
    }

    private static int[] JoinMap(Tensor[] values, Shape shape, int axis)
    {
        int[] places = new int[shape.ElementCount];
        int inner = (int)new Shape(shape.Extents.AsSpan()[(axis + 1)..]).ElementCount, outer = places.Length / inner / shape[axis], first = 0, from = 0;
        foreach (Tensor value in values)
        {
            int run = value.Shape[axis] * inner;
            for (int block = 0; block < outer; block++)
            {
                for (int i = 0; i < run; i++)
                {
                    places[(block * shape[axis] * inner) + first + i] = from++;
                }
            }

            first += run;
        }

        return places;
    }

    private Tensor Stack(NodeReader node)
    {
        Tensor[] values = Values(node);
        int axis = node.Axis("axis", values[0].Rank + 1, 0);
        if (values.Any(value => value.Shape != values[0].Shape))
        {
            throw new LoweringException($"stacks {string.Join(", ", values.Select(value => value.Shape))}, expected equal shapes");
        }

        Shape single = new([.. values[0].Shape.Extents.Insert(axis, 1)]), shape = single.With(axis, values.Length);
        Slot row = NewSlot(node.Node.Name, checked((int)shape.ElementCount), 1, 1);
        Emit(new ConcatStep { Output = row }, [.. values.Select(Plain)]);
        Tensor[] parts = [.. values.Select(value => value with { Shape = single })];
        return Rearrange(node.Node.Name, new(row, new(1, row.Map.Channels)), shape, () => JoinMap(parts, shape, axis));
    }

    private Tensor[] Values(NodeReader node)
    {
        ImmutableArray<Operand> operands = node.Several("values");
        if (operands.IsEmpty)
        {
            throw new LoweringException("has no input 'values'");
        }

        return [.. operands.Select(operand => operand switch
        {
            Operand.Value value when _constants.TryGetValue(value.Name, out ParameterSource? constant) => Constant(value.Name, constant),
            Operand.Value value => _tensors[value.Name],
            Operand.Parameter weight => Constant(weight.Source.Name, new(weight.Source)),
            Operand.Constant constant => Constant(node.Node.Name, new(constant.Data.Shape, constant.Data.ToFloat32())),
            _ => throw new LoweringException("has something among its values that is no tensor"),
        })];
    }

    private Tensor Split(NodeReader node)
    {
        Tensor x = Value(node, "x");
        int axis = node.Axis("axis", x.Rank, 0), count = node.Node.Outputs.Length, declared = node.Integer("num_splits", count);
        int[] sizes = node.OptionalIntegers("split_sizes") is { Length: > 0 } given ? given : [.. Enumerable.Repeat(x.Shape[axis] / count, count)];
        if (declared != count || sizes.Length != count || sizes.Any(size => size < 1) || sizes.Sum(size => (long)size) != x.Shape[axis])
        {
            throw new LoweringException($"splits {x.Shape} along axis {axis} into [{string.Join(", ", sizes)}] for {count} outputs, 'num_splits' being {declared}");
        }

        int[] strides = ElementMap.Strides(x.Shape);
        int first = 0;
        for (int i = 0; i < count; i++)
        {
            int[] starts = new int[x.Rank], steps = [.. Enumerable.Repeat(1, x.Rank)];
            starts[axis] = first;
            first += sizes[i];
            _tensors[node.Node.Outputs[i].Name] = Sliced(node.Node.Outputs[i].Name, x, x.Shape.With(axis, sizes[i]), starts, steps, strides);
        }

        return _tensors[node.Node.Outputs[0].Name];
    }

    private Tensor Pad(NodeReader node)
    {
        Tensor x = Value(node, "x");
        string mode = node.Text("mode", "constant");
        int[] given = node.OptionalIntegers("pad") ?? [];
        if (given.Length % 2 != 0 || given.Length > 2 * x.Rank || given.Any(extent => extent < 0))
        {
            throw new LoweringException($"pads {x.Shape} by [{string.Join(", ", given)}], expected two numbers of 0 or more for each of the last axes");
        }

        int[] pad = [.. new int[(2 * x.Rank) - given.Length], .. given];
        if (mode == "constant" && x.Rank == 4 && x.Shape[0] == 1 && pad[0] == 0 && pad[1] == 0)
        {
            Slot input = Blocked(Natural(x));
            FeatureMap map = input.Map;
            PadStep step = new()
            {
                Output = NewSlot(
                    node.Node.Name, checked(map.Channels + pad[2] + pad[3]), checked(map.Height + pad[4] + pad[5]), checked(map.Width + pad[6] + pad[7])),
                Value = node.Number("constant_val", 0f),
                FirstChannel = pad[2],
                FirstRow = pad[4],
                FirstColumn = pad[6],
            };
            return new(Emit(step, input), new(1, step.Output.Map.Channels, step.Output.Map.Height, step.Output.Map.Width));
        }

        Shape shape = new([.. x.Shape.Extents.Select((extent, axis) => checked(extent + pad[2 * axis] + pad[(2 * axis) + 1]))]);
        int[] strides = ElementMap.Strides(x.Shape);
        return Rearrange(
            node.Node.Name, x, shape,
            () => ElementMap.Combine([.. Enumerable.Range(0, x.Rank).Select(axis => PadMap(mode, x.Shape[axis], pad[2 * axis], shape[axis], strides[axis]))]),
            node.Number("constant_val", 0f));
    }

    private static int[] PadMap(string mode, int extent, int before, int padded, int stride)
    {
        int[] places = new int[padded];
        for (int i = 0; i < padded; i++)
        {
            int at = i - before;
            places[i] = at >= 0 && at < extent ? at * stride : mode switch
            {
                "constant" => -1,
                "replicate" => Math.Clamp(at, 0, extent - 1) * stride,
                "reflect" when at > -extent && at < (2 * extent) - 1 => (at < 0 ? -at : (2 * (extent - 1)) - at) * stride,
                "reflect" => throw new LoweringException($"reflects beyond the other end of {extent} elements"),
                _ => throw new LoweringException($"pads with mode '{mode}', expected constant, reflect or replicate"),
            };
        }

        return places;
    }

    // The program declares the shape that comes out; nothing else is needed to know, and no element moves.
    private Tensor Reshape(NodeReader node)
    {
        Tensor x = Value(node, "x");
        Shape shape = node.Node.Outputs[0].Shape;
        if (!shape.IsKnown || shape.ElementCount != x.Shape.ElementCount)
        {
            throw new LoweringException($"turns {x.Shape} into {shape}, expected as many elements in known extents");
        }

        return x with { Shape = shape };
    }

    private Tensor Cast(NodeReader node)
    {
        string type = node.Text("dtype", "fp32");
        return type is "fp16" or "fp32" ? Value(node, "x") : throw new LoweringException($"casts to '{type}', expected fp16 or fp32");
    }
}
