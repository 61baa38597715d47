using SweepCluster.Graphs;
using SweepCluster.Inference.Steps;

namespace SweepCluster.Inference.Lowering;

/// <content>Operations that move elements.</content>
internal sealed partial class GraphLowering
{
    // The sources are made after the slot: what memory cannot hold is refused before anything is counted out.
    private Tensor Rearrange(string name, Tensor x, Shape shape, Func<int[]> sources, float fill = 0f)
    {
        Tensor output = NewTensor(name, shape);
        Emit(new RearrangeStep { Output = output.Slot, Sources = sources(), Fill = fill }, x.Slot);
        return output;
    }

    private Tensor Sliced(string name, Tensor x, Shape shape, int[] starts, int[] steps, int[] strides) => shape == x.Shape && Array.TrueForAll(steps, step => step == 1) ? x
        : Rearrange(name, x, shape, () => ElementMap.Combine([.. Enumerable.Range(0, x.Rank).Select(axis =>
            Array.ConvertAll(ElementMap.Steps(shape[axis], 1), i => (starts[axis] + (i * steps[axis])) * strides[axis]))]));

    private Tensor Transpose(NodeReader node)
    {
        Tensor x = Value(node, "x");
        int[] order = [.. node.Integers("perm", x.Rank).Select(axis => axis < 0 ? axis + x.Rank : axis)];
        return order.Order().SequenceEqual(Enumerable.Range(0, x.Rank)) ? Permute(node.Node.Name, x, order)
            : throw new LoweringException($"has the order [{string.Join(", ", order)}] of {x.Rank} axes");
    }

    private Tensor Permute(string name, Tensor x, int[] order)
    {
        Shape shape = new([.. order.Select(axis => x.Shape[axis])]);
        int[] moved = [.. order.Where(axis => x.Shape[axis] > 1)];
        if (moved.SequenceEqual(moved.Order()))
        {
            return x with { Shape = shape };
        }

        int[] strides = ElementMap.Strides(x.Shape);
        return Rearrange(name, x, shape, () => ElementMap.Combine([.. order.Select(axis => ElementMap.Steps(x.Shape[axis], strides[axis]))]));
    }

    private Tensor Reverse(NodeReader node)
    {
        Tensor x = Value(node, "x");
        int[] axes = node.Axes("axes", x.Rank), strides = ElementMap.Strides(x.Shape);
        return Rearrange(node.Node.Name, x, x.Shape, () => ElementMap.Combine([.. Enumerable.Range(0, x.Rank).Select(axis =>
            axes.Contains(axis) ? [.. ElementMap.Steps(x.Shape[axis], strides[axis]).Reverse()] : ElementMap.Steps(x.Shape[axis], strides[axis]))]));
    }

    private Tensor Tile(NodeReader node)
    {
        Tensor x = Value(node, "x");
        int[] times = node.Integers("reps", x.Rank), strides = ElementMap.Strides(x.Shape);
        Shape shape = times.All(count => count > 0) ? new([.. times.Select((count, axis) => checked(count * x.Shape[axis]))])
            : throw new LoweringException($"repeats [{string.Join(", ", times)}] times, expected at least once each");
        return Rearrange(node.Node.Name, x, shape, () => ElementMap.Combine([.. Enumerable.Range(0, x.Rank).Select(axis =>
            Array.ConvertAll(ElementMap.Steps(shape[axis], 1), i => i % x.Shape[axis] * strides[axis]))]));
    }

    private Tensor Gather(NodeReader node)
    {
        Tensor x = Value(node, "x");
        int axis = node.Axis("axis", x.Rank, 0);
        Shape indices = node.Several("indices") is [Operand.Constant { Data: { } data }] ? data.Shape
            : throw new LoweringException("has computed indices, expected a constant");
        int[] places = [.. node.OptionalIntegers("indices")!.Select(index => index < 0 ? index + x.Shape[axis] : index)];
        if (node.Integer("batch_dims", 0) != 0 || places.Any(place => place < 0 || place >= x.Shape[axis]))
        {
            throw new LoweringException($"takes places of axis {axis} of {x.Shape} that are not there, or batches of them");
        }

        Shape shape = new([.. x.Shape.Extents.RemoveAt(axis).InsertRange(axis, indices.Extents)]);
        int[] strides = ElementMap.Strides(x.Shape);
        return Rearrange(node.Node.Name, x, shape, () => ElementMap.Combine([.. Enumerable.Range(0, x.Rank).Select(other =>
            other == axis ? Array.ConvertAll(places, place => place * strides[axis]) : ElementMap.Steps(x.Shape[other], strides[other]))]));
    }

    private Tensor Crop(NodeReader node)
    {
        Tensor x = Value(node, "x");
        int[] rows = node.Integers("crop_height", 2), columns = node.Integers("crop_width", 2), starts = new int[x.Rank];
        if (x.Rank < 3 || rows.Concat(columns).Any(extent => extent < 0))
        {
            throw new LoweringException($"crops [{string.Join(", ", rows.Concat(columns))}] from {x.Shape}");
        }

        (starts[^2], starts[^1]) = (rows[0], columns[0]);
        (long height, long width) = ((long)x.Shape[^2] - rows[0] - rows[1], (long)x.Shape[^1] - columns[0] - columns[1]);
        return height > 0 && width > 0
            ? Sliced(node.Node.Name, x, x.Shape.With(x.Rank - 2, (int)height).With(x.Rank - 1, (int)width), starts, Ones(x.Rank), ElementMap.Strides(x.Shape))
            : throw new LoweringException($"crops [{string.Join(", ", rows.Concat(columns))}] from {x.Shape}");
    }

    private Tensor SliceBySize(NodeReader node)
    {
        Tensor x = Value(node, "x");
        int[] begins = node.Integers("begin", x.Rank), sizes = node.Integers("size", x.Rank);
        int[] starts = [.. begins.Select((begin, axis) => begin < 0 ? begin + x.Shape[axis] : begin)];
        int[] extents = [.. sizes.Select((size, axis) => size < 0 ? x.Shape[axis] - starts[axis] : size)];
        return starts.Zip(extents, (start, extent) => start >= 0 && extent > 0 ? (long)start + extent : long.MaxValue).Select((end, axis) => end <= x.Shape[axis]).All(fits => fits)
            ? Sliced(node.Node.Name, x, new(extents), starts, Ones(x.Rank), ElementMap.Strides(x.Shape))
            : throw new LoweringException($"takes [{string.Join(", ", sizes)}] from [{string.Join(", ", begins)}] of {x.Shape}");
    }

    private Tensor SliceByIndex(NodeReader node)
    {
        Tensor x = Value(node, "x");
        int[] begins = node.Integers("begin", x.Rank), ends = node.Integers("end", x.Rank), steps = node.Integers("stride", x.Rank, 1);
        int[] openBegins = node.Integers("begin_mask", x.Rank, 0), openEnds = node.Integers("end_mask", x.Rank, 0), single = node.Integers("squeeze_mask", x.Rank, 0);
        int[] starts = new int[x.Rank], extents = new int[x.Rank];
        for (int axis = 0; axis < x.Rank; axis++)
        {
            (starts[axis], extents[axis], steps[axis]) = SliceRange.Of(
                x.Shape[axis], begins[axis], ends[axis], steps[axis], openBegins[axis] != 0, openEnds[axis] != 0, single[axis] != 0);
        }

        Tensor slice = Sliced(node.Node.Name, x, new(extents), starts, steps, ElementMap.Strides(x.Shape));
        return slice with { Shape = new([.. extents.Where((_, axis) => single[axis] == 0)]) };
    }

    // [1, C, H, W]: channels become the pixels of blocks. The blocks' places are the slower part of the channels, or the faster.
    private Tensor DepthToSpace(NodeReader node, int size, bool blocksFirst)
    {
        Tensor x = Spatial(node);
        if (x.Rank != 4 || size < 1 || x.Shape[1] % ((long)size * size) != 0)
        {
            throw new LoweringException($"makes blocks of {size} x {size} from the channels of {x.Shape}");
        }

        (int channels, int height, int width) = (x.Shape[1] / size / size, x.Shape[2], x.Shape[3]);
        Tensor split = x with { Shape = blocksFirst ? new(size, size, channels, height, width) : new(channels, size, size, height, width) };
        return Permute(node.Node.Name, split, blocksFirst ? [2, 3, 0, 4, 1] : [0, 3, 1, 4, 2]) with { Shape = new(1, channels, checked(height * size), checked(width * size)) };
    }

    private Tensor SpaceToDepth(NodeReader node, int size, bool blocksFirst)
    {
        Tensor x = Spatial(node);
        if (x.Rank != 4 || size < 1 || x.Shape[2] % size != 0 || x.Shape[3] % size != 0)
        {
            throw new LoweringException($"makes channels from blocks of {size} x {size} of {x.Shape}");
        }

        (int channels, int height, int width) = (x.Shape[1], x.Shape[2] / size, x.Shape[3] / size);
        Tensor split = x with { Shape = new(channels, height, size, width, size) };
        return Permute(node.Node.Name, split, blocksFirst ? [2, 4, 0, 1, 3] : [0, 2, 4, 1, 3]) with { Shape = new(1, checked(channels * size * size), height, width) };
    }

    private static int[] Ones(int count) => [.. Enumerable.Repeat(1, count)];
}
