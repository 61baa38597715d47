using Google.Protobuf.Collections;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks.Layers;

/// <summary>Convolution and pooling.</summary>
internal static class WindowLayers
{
    internal static Blob Convolution(LayerScope scope)
    {
        ConvolutionLayerParams layer = scope.Layer.Convolution;
        Blob x = scope.Input();
        if (scope.InputCount != 1)
        {
            throw new LayerOpaqueException(); // its kernels are computed
        }

        Blob picture = scope.Picture(x);
        Operand.Parameter weight = scope.Weight("weights");
        Operand? bias = layer.HasBias ? scope.Weight("bias") : null;
        int[] kernel = [weight.Source.Shape[2], weight.Source.Shape[3]], stride = Pair(layer.Stride, 1);
        int[] dilation = layer.IsDeconvolution ? [1, 1] : Pair(layer.DilationFactor, 1);
        int groups = checked((int)Math.Max(1, layer.NGroups)), outputs = checked((int)layer.OutputChannels);
        WindowPadding padding = WindowPadding.Of(layer);
        return scope.Unpicture(
            layer.IsDeconvolution ? Transposed(scope, layer, picture, weight, bias, kernel, stride, padding) : scope.Emit(
                "conv",
                LayerShape.Of(
                    picture.Known[0], outputs, padding.Positions(0, picture.Known[2], kernel[0], stride[0], dilation[0]),
                    padding.Positions(1, picture.Known[3], kernel[1], stride[1], dilation[1])),
                ("x", LayerScope.Of(picture)), ("weight", weight), ("bias", bias), ("strides", Constants.Integers(stride)), ("dilations", Constants.Integers(dilation)),
                ("groups", Constants.Integer(groups)), ("pad_type", Constants.Text(padding.Type)), ("pad", Constants.Integers(padding.Amounts))),
            x);
    }

    internal static Blob Pooling(LayerScope scope)
    {
        PoolingLayerParams layer = scope.Layer.Pooling;
        Blob x = scope.Input(), picture = scope.Picture(x);
        if (layer.GlobalPooling)
        {
            string reduction = layer.Type switch
            {
                PoolingLayerParams.Types.PoolingType.Max => "reduce_max",
                PoolingLayerParams.Types.PoolingType.Average => "reduce_mean",
                PoolingLayerParams.Types.PoolingType.L2 => "reduce_l2_norm",
                _ => throw new LayerOpaqueException(),
            };
            Shape one = LayerShape.Of(picture.Known[0], picture.Known[1], 1, 1);
            return scope.Unpicture(
                scope.Emit(reduction, one, ("x", LayerScope.Of(picture)), ("axes", Constants.Integers(2, 3)), ("keep_dims", Constants.Flag(true))), x);
        }

        string type = layer.Type switch
        {
            PoolingLayerParams.Types.PoolingType.Max => "max_pool",
            PoolingLayerParams.Types.PoolingType.Average => "avg_pool",
            PoolingLayerParams.Types.PoolingType.L2 => "l2_pool",
            _ => throw new LayerOpaqueException(),
        };
        int[] kernel = Pair(layer.KernelSize, 3), stride = Pair(layer.Stride, 1);
        WindowPadding padding = WindowPadding.Of(layer);
        Shape shape = LayerShape.Of(
            picture.Known[0], picture.Known[1], padding.Positions(0, picture.Known[2], kernel[0], stride[0], 1), padding.Positions(1, picture.Known[3], kernel[1], stride[1], 1));
        return scope.Unpicture(
            scope.Emit(
                type, shape, ("x", LayerScope.Of(picture)), ("kernel_sizes", Constants.Integers(kernel)), ("strides", Constants.Integers(stride)),
                ("pad_type", Constants.Text(padding.Type)), ("pad", Constants.Integers(padding.Amounts)), ("ceil_mode", Constants.Flag(padding.IncludesLast)),
                ("exclude_padding_from_average", type == "avg_pool" ? Constants.Flag(layer.AvgPoolExcludePadding) : null)),
            x);
    }

    /// <summary>Two numbers for rows and columns; a default where the file has none.</summary>
    /// <exception cref="LayerOpaqueException">There is another number of them.</exception>
    internal static int[] Pair(RepeatedField<ulong> values, int ifAbsent) => values.Count switch
    {
        0 => [ifAbsent, ifAbsent],
        2 => [checked((int)values[0]), checked((int)values[1])],
        _ => throw new LayerOpaqueException(),
    };

    private static Blob Transposed(
        LayerScope scope, ConvolutionLayerParams layer, Blob picture, Operand.Parameter weight, Operand? bias, int[] kernel, int[] stride, WindowPadding padding)
    {
        int groups = checked((int)Math.Max(1, layer.NGroups)), outputs = checked((int)layer.OutputChannels);
        int[] given = layer.OutputShape.Count == 0 ? [] : Pair(layer.OutputShape, 1);
        int Extent(int axis) => given.Length > 0 ? given[axis] : padding.Spread(axis, picture.Known[axis + 2], kernel[axis], stride[axis]);
        Shape shape = LayerShape.Of(picture.Known[0], outputs, Extent(0), Extent(1));

        // Where the output's extents are given, they alone say what is cut off.
        return scope.Emit(
            "conv_transpose", shape, ("x", LayerScope.Of(picture)), ("weight", weight), ("bias", bias), ("strides", Constants.Integers(stride)), ("groups", Constants.Integer(groups)),
            ("pad_type", Constants.Text(given.Length > 0 ? "valid" : padding.Type)), ("pad", given.Length > 0 ? null : Constants.Integers(padding.Amounts)),
            ("output_shape", given.Length > 0 ? Constants.Integers(shape.Extents.AsSpan()) : null));
    }
}
