using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks.Layers;

/// <summary>Layers that bring values into a range by their neighbours, and softmax.</summary>
internal static class NormalizationLayers
{
    private const float UsualEpsilon = 1e-6f;

    // Moments of the whole batch are those of the one sample that a prediction takes.
    internal static Blob BatchNorm(LayerScope scope)
    {
        BatchnormLayerParams layer = scope.Layer.Batchnorm;
        Blob x = scope.Input(), picture = scope.Picture(x);
        Operand epsilon = Constants.Number(layer.Epsilon == 0f ? 1e-5f : layer.Epsilon);
        return scope.Unpicture(
            layer.ComputeMeanVar
                ? scope.EachElement("instance_norm", picture, ("gamma", scope.FindWeight("gamma")), ("beta", scope.FindWeight("beta")), ("epsilon", epsilon))
                : scope.EachElement(
                    "batch_norm", picture, ("mean", scope.Weight("mean")), ("variance", scope.Weight("variance")), ("gamma", scope.FindWeight("gamma")),
                    ("beta", scope.FindWeight("beta")), ("epsilon", epsilon)),
            x);
    }

    internal static Blob MeanVariance(LayerScope scope)
    {
        MeanVarianceNormalizeLayerParams layer = scope.Layer.Mvn;
        Blob x = scope.Input(), picture = scope.Picture(x);
        int[] axes = layer.AcrossChannels ? [1, 2, 3] : [2, 3];
        if (layer.NormalizeVariance)
        {
            Operand epsilon = Constants.Number(layer.Epsilon == 0f ? UsualEpsilon : layer.Epsilon);
            return scope.Unpicture(scope.EachElement("layer_norm", picture, ("axes", Constants.Integers(axes)), ("epsilon", epsilon)), x);
        }

        Shape one = LayerShape.Of(picture.Known[0], layer.AcrossChannels ? 1 : picture.Known[1], 1, 1);
        Blob mean = scope.Emit("reduce_mean", one, ("x", LayerScope.Of(picture)), ("axes", Constants.Integers(axes)), ("keep_dims", Constants.Flag(true)));
        return scope.Unpicture(scope.EachElement("sub", picture, ("y", LayerScope.Of(mean))), x);
    }

    internal static Blob Length(LayerScope scope)
    {
        float epsilon = scope.Layer.L2Normalize.Epsilon;
        Blob x = scope.Input();
        return x.Rank >= 3 ? scope.EachElement("l2_norm", x, ("epsilon", Constants.Number(epsilon == 0f ? UsualEpsilon : epsilon))) : throw new LayerOpaqueException();
    }

    internal static Blob Layer(LayerScope scope)
    {
        LayerNormalizationLayerParams layer = scope.Layer.LayerNormalization;
        Blob x = scope.AllAxes(scope.Input());
        int count = layer.NormalizedShape.Count;
        if (count == 0 || count > x.Rank || !layer.NormalizedShape.SequenceEqual(x.Known.Extents.TakeLast(count).Select(extent => (long)extent)))
        {
            throw new LayerOpaqueException();
        }

        int[] axes = [.. Enumerable.Range(x.Rank - count, count)];
        return scope.EachElement(
            "layer_norm", x, ("axes", Constants.Integers(axes)), ("gamma", scope.FindWeight("gamma")), ("beta", scope.FindWeight("beta")), ("epsilon", Constants.Number(layer.Eps)));
    }

    internal static Blob LocalResponse(LayerScope scope)
    {
        LRNLayerParams layer = scope.Layer.Lrn;
        Blob x = scope.Input(), picture = scope.Picture(x);
        return scope.Unpicture(
            scope.EachElement(
                "local_response_norm", picture, ("size", Constants.Integer(checked((int)layer.LocalSize))), ("alpha", Constants.Number(layer.Alpha)),
                ("beta", Constants.Number(layer.Beta)), ("k", Constants.Number(layer.K == 0f ? 1f : layer.K))),
            x);
    }

    internal static Blob Softmax(LayerScope scope)
    {
        Blob x = scope.Input();
        return x.Rank >= 3 ? scope.EachElement("softmax", x, ("axis", Constants.Integer(x.Rank - 3))) : throw new LayerOpaqueException();
    }

    internal static Blob SoftmaxOfAnyAxis(LayerScope scope)
    {
        Blob x = scope.AllAxes(scope.Input());
        return scope.EachElement("softmax", x, ("axis", Constants.Integer(AxisLayers.Axis(scope.Layer.SoftmaxND.Axis, x.Rank))));
    }
}
