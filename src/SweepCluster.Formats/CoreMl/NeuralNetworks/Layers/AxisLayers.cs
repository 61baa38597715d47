using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks.Layers;

/// <summary>Layers that join, part, repeat and reorder values of any rank.</summary>
internal static class AxisLayers
{
    /// <summary>An axis counted from the start.</summary>
    /// <exception cref="LayerOpaqueException">It lies outside.</exception>
    internal static int Axis(long axis, int rank) => axis >= -rank && axis < rank ? (int)((axis + rank) % rank) : throw new LayerOpaqueException();

    internal static Blob Concat(LayerScope scope)
    {
        Blob[] values = [.. scope.Inputs().Select(scope.AllAxes)];
        return scope.Layer.ConcatND.Interleave ? throw new LayerOpaqueException() : Join(scope, values, Axis(scope.Layer.ConcatND.Axis, values[0].Rank));
    }

    internal static Blob Join(LayerScope scope, Blob[] values, int axis)
    {
        Shape first = values[0].Known.With(axis, 1);
        if (values.Any(value => value.Rank != first.Rank || value.HidesBatch != values[0].HidesBatch || value.Known.With(axis, 1) != first))
        {
            throw new LayerOpaqueException();
        }

        int extent = checked((int)values.Sum(value => (long)value.Known[axis]));
        return scope.Emit(
            "concat", first.With(axis, extent), [.. values.Select(value => ("values", (Operand?)LayerScope.Of(value))), ("axis", Constants.Integer(axis))]) with
        { HidesBatch = values[0].HidesBatch };
    }

    internal static Blob[] Split(LayerScope scope)
    {
        SplitNDLayerParams layer = scope.Layer.SplitND;
        Blob x = scope.AllAxes(scope.Input());
        int axis = Axis(layer.Axis, x.Rank), count = layer.SplitSizes.Count > 0 ? layer.SplitSizes.Count : checked((int)layer.NumSplits);
        if (count != scope.OutputCount || (layer.SplitSizes.Count == 0 && x.Known[axis] % count != 0))
        {
            throw new LayerOpaqueException();
        }

        int[] sizes = layer.SplitSizes.Count > 0 ? [.. layer.SplitSizes.Select(size => checked((int)size))] : [.. Enumerable.Repeat(x.Known[axis] / count, count)];
        return Parts(scope, x, axis, sizes);
    }

    internal static Blob[] Parts(LayerScope scope, Blob x, int axis, int[] sizes)
    {
        if (sizes.Any(size => size < 1) || sizes.Sum(size => (long)size) != x.Known[axis])
        {
            throw new LayerOpaqueException();
        }

        Blob[] parts = scope.Emit(
            "split", [.. sizes.Select(size => x.Known.With(axis, size))], ("x", LayerScope.Of(x)), ("axis", Constants.Integer(axis)), ("split_sizes", Constants.Integers(sizes)));
        return [.. parts.Select(part => part with { HidesBatch = x.HidesBatch })];
    }

    internal static Blob Stack(LayerScope scope)
    {
        Blob[] values = [.. scope.Inputs().Select(scope.AllAxes)];
        int axis = Axis(scope.Layer.Stack.Axis, values[0].Rank + 1);
        return values.All(value => value.Known == values[0].Known)
            ? scope.Emit(
                "stack", LayerShape.Of([.. values[0].Known.Extents.Insert(axis, values.Length)]),
                [.. values.Select(value => ("values", (Operand?)LayerScope.Of(value))), ("axis", Constants.Integer(axis))])
            : throw new LayerOpaqueException();
    }

    internal static Blob Tile(LayerScope scope)
    {
        Blob x = scope.AllAxes(scope.Input());
        int[] times = [.. scope.Layer.Tile.Reps.Select(count => checked((int)count))];
        return scope.InputCount == 1 && times.Length == x.Rank && times.All(count => count > 0)
            ? scope.Emit("tile", LayerShape.Of([.. times.Select((count, axis) => checked(count * x.Known[axis]))]), ("x", LayerScope.Of(x)), ("reps", Constants.Integers(times)))
            : throw new LayerOpaqueException();
    }

    internal static Blob Reverse(LayerScope scope)
    {
        Blob x = scope.AllAxes(scope.Input());
        int[] axes = [.. scope.Layer.Reverse.ReverseDim.Select((isTurned, axis) => isTurned ? axis : -1).Where(axis => axis >= 0)];
        return axes.All(axis => axis < x.Rank) ? scope.EachElement("reverse", x, ("axes", Constants.Integers(axes))) : throw new LayerOpaqueException();
    }

    internal static Blob Transpose(LayerScope scope)
    {
        Blob x = scope.AllAxes(scope.Input());
        int[] order = [.. scope.Layer.Transpose.Axes.Select(axis => checked((int)axis))];
        return order.Order().SequenceEqual(Enumerable.Range(0, x.Rank)) ? scope.Transpose(x, order) : throw new LayerOpaqueException();
    }

    internal static Blob Slice(LayerScope scope)
    {
        SliceStaticLayerParams layer = scope.Layer.SliceStatic;
        Blob x = scope.AllAxes(scope.Input());
        if (new[] { layer.BeginIds.Count, layer.EndIds.Count, layer.Strides.Count, layer.BeginMasks.Count, layer.EndMasks.Count }.Any(count => count != x.Rank)
            || (layer.SqueezeMasks.Count != 0 && layer.SqueezeMasks.Count != x.Rank))
        {
            throw new LayerOpaqueException();
        }

        SliceExtents[] slices = [.. Enumerable.Range(0, x.Rank).Select(axis => IsSingle(layer, axis)
            ? SliceExtents.Of(x.Known[axis], layer.BeginIds[axis], layer.BeginIds[axis] == -1 ? x.Known[axis] : layer.BeginIds[axis] + 1, 1, false, false)
            : SliceExtents.Of(
                x.Known[axis], layer.BeginIds[axis], layer.EndIds[axis], checked((int)layer.Strides[axis]), layer.BeginMasks[axis], layer.EndMasks[axis]))];
        Blob sliced = Sliced(
            scope, x, [.. slices.Select(slice => slice.Begin)], [.. slices.Select(slice => slice.End)], [.. slices.Select(slice => slice.Step)],
            [.. slices.Select(slice => slice.OpenEnd)], LayerShape.Of([.. slices.Select(slice => slice.Count)]));
        int[] kept = [.. sliced.Known.Extents.Where((_, axis) => !IsSingle(layer, axis))];
        return scope.Reshape(sliced, kept.Length == 0 ? LayerShape.Of(1) : LayerShape.Of(kept));
    }

    internal static Blob Sliced(LayerScope scope, Blob x, int[] begins, int[] ends, int[] steps, bool[] openEnds, Shape shape) => scope.Emit(
        "slice_by_index", shape, ("x", LayerScope.Of(x)), ("begin", Constants.Integers(begins)), ("end", Constants.Integers(ends)), ("stride", Constants.Integers(steps)),
        ("end_mask", Constants.Flags(openEnds)));

    internal static Blob Pad(LayerScope scope)
    {
        ConstantPaddingLayerParams layer = scope.Layer.ConstantPad;
        Blob x = scope.AllAxes(scope.Input());
        if (scope.InputCount != 1 || layer.PadAmounts.Count != 2 * x.Rank)
        {
            throw new LayerOpaqueException();
        }

        int[] amounts = [.. layer.PadAmounts.Select(amount => checked((int)amount))];
        for (int axis = 0; layer.PadToGivenOutputSizeMode && axis < x.Rank; axis++)
        {
            // Of two extents to reach one is 0: the padding goes to that side of the axis where the other stands.
            (int before, int after) = (amounts[2 * axis], amounts[(2 * axis) + 1]);
            (amounts[2 * axis], amounts[(2 * axis) + 1]) = (Math.Max(0, before - x.Known[axis]), Math.Max(0, after - x.Known[axis]));
        }

        Shape shape = LayerShape.Of([.. x.Known.Extents.Select((extent, axis) => checked(extent + amounts[2 * axis] + amounts[(2 * axis) + 1]))]);
        return scope.Emit(
            "pad", shape, ("x", LayerScope.Of(x)), ("pad", Constants.Integers(amounts)), ("mode", Constants.Text("constant")), ("constant_val", Constants.Number(layer.Value)));
    }

    private static bool IsSingle(SliceStaticLayerParams layer, int axis) => layer.SqueezeMasks.Count > 0 && layer.SqueezeMasks[axis];
}
