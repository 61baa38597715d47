using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks.Layers;

/// <summary>Sums, products and the like of values that have the same shape or spread over each other.</summary>
internal static class ArithmeticLayers
{
    internal static Blob Add(LayerScope scope) => scope.InputCount == 1
        ? scope.EachElement("add", scope.Input(), ("y", Constants.Number(scope.Layer.Add.Alpha)))
        : Fold(scope, "add");

    internal static Blob Multiply(LayerScope scope) => scope.InputCount == 1
        ? scope.EachElement("mul", scope.Input(), ("y", Constants.Number(scope.Layer.Multiply.Alpha)))
        : Fold(scope, "mul");

    internal static Blob Average(LayerScope scope)
    {
        Blob sum = Fold(scope, "add");
        return scope.EachElement("real_div", sum, ("y", Constants.Number(scope.InputCount)));
    }

    /// <summary>One value after another.</summary>
    internal static Blob Fold(LayerScope scope, string type) => scope.Inputs().Aggregate((left, right) => Join(scope, type, left, right));

    /// <summary>Two values, or one and the layer's own number.</summary>
    internal static Blob Broadcast(LayerScope scope, string type, Func<NeuralNetworkLayer, float>? alpha) => scope.InputCount switch
    {
        1 when alpha is not null => scope.EachElement(type, scope.Input(), ("y", Constants.Number(alpha(scope.Layer)))),
        2 => Join(scope, type, scope.Input(), scope.Input(1)),
        _ => throw new LayerOpaqueException(),
    };

    internal static Blob Scale(LayerScope scope)
    {
        Blob x = scope.Input();
        Blob scaled = scope.EachElement("mul", x, ("y", Planes(scope, scope.Weight("scale"))));
        return scope.Layer.Scale.HasBias ? scope.EachElement("add", scaled, ("y", Planes(scope, scope.Weight("bias")))) : scaled;
    }

    internal static Blob Bias(LayerScope scope) => scope.EachElement("add", scope.Input(), ("y", Planes(scope, scope.Weight("bias"))));

    /// <summary>Two values in one operation.</summary>
    internal static Blob Join(LayerScope scope, string type, Blob left, Blob right)
    {
        if (left.HidesBatch != right.HidesBatch)
        {
            (left, right) = (scope.AllAxes(left), scope.AllAxes(right));
        }

        return scope.Emit(type, Broadcast(left.Known, right.Known), ("x", LayerScope.Of(left)), ("y", LayerScope.Of(right))) with { HidesBatch = left.HidesBatch };
    }

    // [1], [C], [1, H, W] or [C, H, W] before the axes of a value, which has rows and columns.
    private static Operand Planes(LayerScope scope, Operand.Parameter weight) => weight.Source.Shape switch
    {
        { Rank: 1 } shape when shape[0] > 1 => scope.Reshape(weight, LayerShape.Of(shape[0], 1, 1)),
        { Rank: 1 or 3 } => weight,
        _ => throw new LayerOpaqueException(),
    };

    private static Shape Broadcast(Shape left, Shape right)
    {
        int rank = Math.Max(left.Rank, right.Rank);
        int[] extents = new int[rank];
        for (int axis = 1; axis <= rank; axis++)
        {
            int a = axis <= left.Rank ? left[^axis] : 1, b = axis <= right.Rank ? right[^axis] : 1;
            extents[^axis] = a == b || b == 1 ? a : a == 1 ? b : throw new LayerOpaqueException();
        }

        return LayerShape.Of(extents);
    }
}
