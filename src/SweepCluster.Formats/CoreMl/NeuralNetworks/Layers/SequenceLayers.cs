using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks.Layers;

/// <summary>Layers of the time when every value had the axes sequence, batch, channel, height and width.</summary>
internal static class SequenceLayers
{
    internal static Blob Reshape(LayerScope scope)
    {
        ReshapeLayerParams layer = scope.Layer.Reshape;
        Blob x = Folded(scope, scope.Input());
        int[] target = layer.TargetShape.Count switch
        {
            3 => [x.Known[0], .. layer.TargetShape.Select(extent => checked((int)extent))],
            4 => [.. layer.TargetShape.Select(extent => checked((int)extent))],
            _ => throw new LayerOpaqueException(),
        };
        Shape shape = ShapeLayers.Fill(x.Known, target);
        if (layer.Mode == ReshapeLayerParams.Types.ReshapeOrder.ChannelFirst)
        {
            return Unfolded(scope, scope.Reshape(x, shape));
        }

        Blob last = scope.Transpose(x, 0, 2, 3, 1);
        return Unfolded(scope, scope.Transpose(scope.Reshape(last, LayerShape.Of(shape[0], shape[2], shape[3], shape[1])), 0, 3, 1, 2));
    }

    internal static Blob Flatten(LayerScope scope)
    {
        Blob x = scope.Input(), picture = scope.Picture(x);
        Blob ordered = scope.Layer.Flatten.Mode == FlattenLayerParams.Types.FlattenOrder.ChannelFirst ? picture : scope.Transpose(picture, 0, 2, 3, 1);
        int length = checked((int)(picture.Known.ElementCount / Math.Max(1, picture.Known[0])));
        return scope.Unpicture(scope.Reshape(ordered, LayerShape.Of(picture.Known[0], length, 1, 1)), x);
    }

    internal static Blob Permute(LayerScope scope)
    {
        int[] order = scope.Layer.Permute.Axis.Count == 0 ? [0, 1, 2, 3] : [.. scope.Layer.Permute.Axis.Select(axis => checked((int)axis))];
        return order.Order().SequenceEqual([0, 1, 2, 3]) ? Unfolded(scope, scope.Transpose(Folded(scope, scope.Input()), order)) : throw new LayerOpaqueException();
    }

    internal static Blob Concat(LayerScope scope)
    {
        Blob[] values = scope.Inputs();
        int rank = values[0].Rank;
        bool alongSequence = scope.Layer.Concat.SequenceConcat;
        int axis = !alongSequence ? rank - 3 : values[0].HidesBatch ? 0 : rank - 5;
        return axis >= 0 ? AxisLayers.Join(scope, values, axis) : throw new LayerOpaqueException();
    }

    internal static Blob[] Split(LayerScope scope)
    {
        Blob x = scope.Input();
        int count = checked((int)scope.Layer.Split.NOutputs);
        return x.Rank >= 3 && count == scope.OutputCount && count > 0 && x.FromEnd(3) % count == 0
            ? AxisLayers.Parts(scope, x, x.Rank - 3, [.. Enumerable.Repeat(x.FromEnd(3) / count, count)])
            : throw new LayerOpaqueException();
    }

    internal static Blob Repeat(LayerScope scope)
    {
        Blob x = Folded(scope, scope.Input());
        int times = checked((int)Math.Max(1, scope.Layer.SequenceRepeat.NRepetitions));
        return Unfolded(scope, scope.Emit("tile", x.Known.With(0, checked(times * x.Known[0])), ("x", LayerScope.Of(x)), ("reps", Constants.Integers(times, 1, 1, 1))));
    }

    internal static Blob Slice(LayerScope scope)
    {
        SliceLayerParams layer = scope.Layer.Slice;
        Blob x = scope.Input();
        int axis = x.Rank - layer.Axis switch
        {
            SliceLayerParams.Types.SliceAxis.ChannelAxis => 3,
            SliceLayerParams.Types.SliceAxis.HeightAxis => 2,
            _ => 1,
        };
        if (axis < 0)
        {
            throw new LayerOpaqueException();
        }

        SliceExtents slice = SliceExtents.Of(x.Known[axis], layer.StartIndex, layer.EndIndex, checked((int)layer.Stride), openBegin: false, openEnd: false);
        int[] begins = new int[x.Rank], ends = [.. x.Known.Extents], steps = [.. Enumerable.Repeat(1, x.Rank)];
        (begins[axis], ends[axis], steps[axis]) = (slice.Begin, slice.End, slice.Step);
        return AxisLayers.Sliced(scope, x, begins, ends, steps, [.. Enumerable.Range(0, x.Rank).Select(other => other != axis)], x.Known.With(axis, slice.Count)) with
        {
            HidesBatch = x.HidesBatch,
        };
    }

    // [sequence, channel, height, width]: the batch's axis is 1.
    private static Blob Folded(LayerScope scope, Blob x) => x switch
    {
        { HidesBatch: true, Rank: 4 } => x,
        { Rank: 5 } when x.Known[1] == 1 => scope.Reshape(x, LayerShape.Of(x.Known[0], x.Known[2], x.Known[3], x.Known[4])),
        _ => throw new LayerOpaqueException(),
    };

    private static Blob Unfolded(LayerScope scope, Blob x) => scope.Input().HidesBatch ? x with { HidesBatch = true } : scope.AllAxes(x with { HidesBatch = true });
}
