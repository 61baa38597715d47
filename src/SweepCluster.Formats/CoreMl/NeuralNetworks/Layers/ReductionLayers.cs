using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks.Layers;

/// <summary>One number for each group of elements.</summary>
internal static class ReductionLayers
{
    internal static Blob Reduce(LayerScope scope)
    {
        ReduceLayerParams layer = scope.Layer.Reduce;
        Blob x = scope.Input();
        int[] axes = layer.Axis switch
        {
            ReduceLayerParams.Types.ReduceAxis.Chw => [x.Rank - 3, x.Rank - 2, x.Rank - 1],
            ReduceLayerParams.Types.ReduceAxis.Hw => [x.Rank - 2, x.Rank - 1],
            ReduceLayerParams.Types.ReduceAxis.C => [x.Rank - 3],
            ReduceLayerParams.Types.ReduceAxis.H => [x.Rank - 2],
            ReduceLayerParams.Types.ReduceAxis.W => [x.Rank - 1],
            _ => throw new LayerOpaqueException(),
        };
        Blob values = layer.Mode != ReduceLayerParams.Types.ReduceOperation.Logsum ? x
            : scope.EachElement("log", x, ("epsilon", Constants.Number(layer.Epsilon == 0f ? 1e-6f : layer.Epsilon)));
        string type = layer.Mode switch
        {
            ReduceLayerParams.Types.ReduceOperation.Sum or ReduceLayerParams.Types.ReduceOperation.Logsum => "reduce_sum",
            ReduceLayerParams.Types.ReduceOperation.Avg => "reduce_mean",
            ReduceLayerParams.Types.ReduceOperation.Prod => "reduce_prod",
            ReduceLayerParams.Types.ReduceOperation.Sumsquare => "reduce_sum_square",
            ReduceLayerParams.Types.ReduceOperation.L1 => "reduce_l1_norm",
            ReduceLayerParams.Types.ReduceOperation.L2 => "reduce_l2_norm",
            ReduceLayerParams.Types.ReduceOperation.Max => "reduce_max",
            ReduceLayerParams.Types.ReduceOperation.Min => "reduce_min",
            ReduceLayerParams.Types.ReduceOperation.Argmax when axes.Length == 1 => "reduce_argmax",
            _ => throw new LayerOpaqueException(),
        };
        return Emit(scope, type, values, axes, keepAxes: true) with { HidesBatch = x.HidesBatch };
    }

    internal static Blob OverAxes(LayerScope scope, string type, ReduceAxesLayerParams layer)
    {
        Blob x = scope.AllAxes(scope.Input());
        int[] axes = layer.ReduceAll || layer.Axes.Count == 0 ? [.. Enumerable.Range(0, x.Rank)] : [.. layer.Axes.Select(axis => AxisLayers.Axis(axis, x.Rank)).Distinct().Order()];
        return Emit(scope, type, x, axes, layer.KeepDims);
    }

    internal static Blob Place(LayerScope scope, string type, ArgReduceLayerParams layer)
    {
        Blob x = scope.AllAxes(scope.Input());
        return Emit(scope, type, x, [AxisLayers.Axis(layer.Axis, x.Rank)], keepAxes: !layer.RemoveDim);
    }

    // A value has one axis at least, also where all are reduced.
    private static Blob Emit(LayerScope scope, string type, Blob x, int[] axes, bool keepAxes)
    {
        if (axes.Any(axis => axis < 0))
        {
            throw new LayerOpaqueException();
        }

        bool keeps = keepAxes || (axes.Length == x.Rank && x.Rank == 1);
        Shape shape = LayerShape.Of([.. x.Known.Extents.Select((extent, axis) => axes.Contains(axis) ? 1 : extent).Where((_, axis) => keeps || !axes.Contains(axis))]);
        Blob reduced = scope.Emit(
            type, shape, ("x", LayerScope.Of(x)), (type.StartsWith("reduce_arg", StringComparison.Ordinal) ? "axis" : "axes", Constants.Integers(axes)),
            ("keep_dims", Constants.Flag(keeps)));
        return shape.Rank == 0 ? scope.Reshape(reduced, LayerShape.Of(1)) : reduced;
    }
}
