using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks.Layers;

/// <summary>Layers that give a value of any rank other axes, and move no element.</summary>
internal static class ShapeLayers
{
    internal static Blob Squeeze(LayerScope scope)
    {
        Blob x = scope.AllAxes(scope.Input());
        int[] axes = scope.Layer.Squeeze.SqueezeAll
            ? [.. Enumerable.Range(0, x.Rank).Where(axis => x.Known[axis] == 1)]
            : [.. scope.Layer.Squeeze.Axes.Select(axis => AxisLayers.Axis(axis, x.Rank))];
        int[] kept = [.. x.Known.Extents.Where((_, axis) => !axes.Contains(axis))];
        return scope.Reshape(x, kept.Length == 0 ? LayerShape.Of(1) : LayerShape.Of(kept));
    }

    internal static Blob ExpandDims(LayerScope scope)
    {
        Blob x = scope.AllAxes(scope.Input());
        int rank = x.Rank + scope.Layer.ExpandDims.Axes.Count, next = 0;
        if (rank > LayerShape.MaxRank)
        {
            throw new LayerOpaqueException();
        }

        int[] axes = [.. scope.Layer.ExpandDims.Axes.Select(axis => AxisLayers.Axis(axis, rank)).Distinct()];
        return axes.Length == scope.Layer.ExpandDims.Axes.Count
            ? scope.Reshape(x, LayerShape.Of([.. Enumerable.Range(0, rank).Select(axis => axes.Contains(axis) ? 1 : x.Known[next++])]))
            : throw new LayerOpaqueException();
    }

    internal static Blob FlattenToMatrix(LayerScope scope)
    {
        Blob x = scope.AllAxes(scope.Input());
        long given = scope.Layer.FlattenTo2D.Axis, axis = given < 0 ? given + x.Rank : given;
        if (axis < 0 || axis > x.Rank)
        {
            throw new LayerOpaqueException();
        }

        long rows = LayerShape.Of(x.Known.Extents.AsSpan()[..(int)axis]).ElementCount, columns = LayerShape.Of(x.Known.Extents.AsSpan()[(int)axis..]).ElementCount;
        return scope.Reshape(x, LayerShape.Of(checked((int)rows), checked((int)columns)));
    }

    internal static Blob Reshape(LayerScope scope)
    {
        Blob x = scope.AllAxes(scope.Input());
        return scope.Reshape(x, Fill(x.Known, [.. scope.Layer.ReshapeStatic.TargetShape.Select(extent => checked((int)extent))]));
    }

    internal static Blob ReshapeLike(LayerScope scope) => scope.InputCount == 2
        ? scope.Reshape(scope.AllAxes(scope.Input()), scope.AllAxes(scope.Input(1)).Known)
        : throw new LayerOpaqueException();

    internal static Blob ReshapeKeepingRank(LayerScope scope)
    {
        Blob x = scope.AllAxes(scope.Input());
        int[] target = [.. scope.Layer.RankPreservingReshape.TargetShape.Select(extent => checked((int)extent))];
        return target.Length == x.Rank
            ? scope.Reshape(x, Fill(x.Known, [.. target.Select((extent, axis) => extent == 0 ? x.Known[axis] : extent)]))
            : throw new LayerOpaqueException();
    }

    internal static Blob Broadcast(LayerScope scope) =>
        Broadcast(scope, LayerShape.Of([.. scope.Layer.BroadcastToStatic.TargetShape.Select(extent => checked((int)extent))]));

    internal static Blob BroadcastLike(LayerScope scope) => scope.InputCount == 2 ? Broadcast(scope, scope.AllAxes(scope.Input(1)).Known) : throw new LayerOpaqueException();

    /// <summary>A target shape with its one open extent filled in.</summary>
    /// <exception cref="LayerOpaqueException">More are open, or none fits.</exception>
    internal static Shape Fill(Shape from, int[] target)
    {
        int open = Array.IndexOf(target, -1);
        if (open < 0)
        {
            return LayerShape.Of(target);
        }

        long others = LayerShape.Of([.. target.Where((_, axis) => axis != open)]).ElementCount;
        return others > 0 && from.ElementCount % others == 0
            ? LayerShape.Of([.. target.Select((extent, axis) => axis == open ? checked((int)(from.ElementCount / others)) : extent)])
            : throw new LayerOpaqueException();
    }

    private static Blob Broadcast(LayerScope scope, Shape shape)
    {
        Blob x = scope.AllAxes(scope.Input());
        if (x.Rank > shape.Rank)
        {
            throw new LayerOpaqueException();
        }

        Blob aligned = scope.Reshape(x, LayerShape.Of([.. Enumerable.Repeat(1, shape.Rank - x.Rank), .. x.Known.Extents]));
        int[] times = [.. shape.Extents.Select((extent, axis) => aligned.Known[axis] == extent ? 1 : aligned.Known[axis] == 1 && extent > 0 ? extent : throw new LayerOpaqueException())];
        return scope.Emit("tile", shape, ("x", LayerScope.Of(aligned)), ("reps", Constants.Integers(times)));
    }
}
