using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks.Layers;

/// <summary>Values that are the same for every sample.</summary>
internal static class ConstantLayers
{
    internal static Blob Planes(LayerScope scope)
    {
        Operand.Parameter data = scope.Weight("data");
        Shape shape = data.Source.Shape;
        return shape.Rank == 3 ? scope.Reshape(scope.Emit("const", shape, ("val", data)), LayerShape.Of([1, .. shape.Extents])) with { HidesBatch = true }
            : throw new LayerOpaqueException();
    }

    internal static Blob OfAnyRank(LayerScope scope)
    {
        Operand.Parameter data = scope.Weight("data");
        return scope.Emit("const", data.Source.Shape, ("val", data));
    }

    internal static Blob Fill(LayerScope scope)
    {
        FillStaticLayerParams layer = scope.Layer.FillStatic;
        Shape shape = LayerShape.Of([.. layer.TargetShape.Select(extent => checked((int)extent))]);
        Blob one = scope.Emit("const", LayerShape.Of([.. shape.Extents.Select(_ => 1)]), ("val", Constants.Numbers(LayerShape.Of([.. shape.Extents.Select(_ => 1)]), [layer.Value])));
        return shape.Extents.All(extent => extent > 0)
            ? scope.Emit("tile", shape, ("x", LayerScope.Of(one)), ("reps", Constants.Integers(shape.Extents.AsSpan())))
            : throw new LayerOpaqueException();
    }
}
