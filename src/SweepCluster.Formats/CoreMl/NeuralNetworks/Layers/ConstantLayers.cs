using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks.Layers;

/// <summary>Values that are the same for every sample.</summary>
internal static class ConstantLayers
{
    private const int LargestFill = 1 << 16; // elements that stand in the graph

    internal static Blob Planes(LayerScope scope)
    {
        Operand.Parameter data = scope.Weight("data");
        Shape shape = data.Source.Shape;
        return shape.Rank == 3 ? scope.Reshape(scope.Emit("const", shape, ("val", data)), new Shape([1, .. shape.Extents])) with { HidesBatch = true }
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
        Shape shape = new([.. layer.TargetShape.Select(extent => checked((int)extent))]);
        if (shape.ElementCount is < 1 or > LargestFill)
        {
            throw new LayerOpaqueException();
        }

        float[] values = new float[shape.ElementCount];
        values.AsSpan().Fill(layer.Value);
        return scope.Emit("const", shape, ("val", Constants.Numbers(shape, values)));
    }
}
