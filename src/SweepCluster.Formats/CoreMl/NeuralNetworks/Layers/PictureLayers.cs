using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks.Layers;

/// <summary>Layers that change the extents of pictures: cropping, padding, resizing, moving pixels to channels and back.</summary>
internal static class PictureLayers
{
    internal static Blob Crop(LayerScope scope)
    {
        CropLayerParams layer = scope.Layer.Crop;
        Blob x = scope.Input(), picture = scope.Picture(x);
        int height = picture.Known[2], width = picture.Known[3];
        int[] edges = Edges(layer.CropAmounts);
        if (scope.InputCount == 2)
        {
            int[] offset = WindowLayers.Pair(layer.Offset, 0);
            Blob like = scope.Input(1);
            edges = [offset[0], height - offset[0] - like.FromEnd(2), offset[1], width - offset[1] - like.FromEnd(1)];
        }

        Shape shape = LayerShape.Of(picture.Known[0], picture.Known[1], Positive((long)height - edges[0] - edges[1]), Positive((long)width - edges[2] - edges[3]));
        return edges.Any(edge => edge < 0) ? throw new LayerOpaqueException()
            : scope.Unpicture(
                scope.Emit("crop", shape, ("x", LayerScope.Of(picture)), ("crop_height", Constants.Integers(edges[0], edges[1])), ("crop_width", Constants.Integers(edges[2], edges[3]))), x);
    }

    internal static Blob Padding(LayerScope scope)
    {
        PaddingLayerParams layer = scope.Layer.Padding;
        Blob x = scope.Input(), picture = scope.Picture(x);
        int[] edges = Edges(layer.PaddingAmounts);
        string mode = layer.PaddingTypeCase switch
        {
            PaddingLayerParams.PaddingTypeOneofCase.Reflection => "reflect",
            PaddingLayerParams.PaddingTypeOneofCase.Replication => "replicate",
            _ => "constant",
        };
        Shape shape = LayerShape.Of(
            picture.Known[0], picture.Known[1], Positive((long)picture.Known[2] + edges[0] + edges[1]), Positive((long)picture.Known[3] + edges[2] + edges[3]));
        return scope.Unpicture(
            scope.Emit(
                "pad", shape, ("x", LayerScope.Of(picture)), ("pad", Constants.Integers([0, 0, 0, 0, .. edges])), ("mode", Constants.Text(mode)),
                ("constant_val", Constants.Number(layer.Constant?.Value ?? 0f))),
            x);
    }

    internal static Blob Upsample(LayerScope scope)
    {
        UpsampleLayerParams layer = scope.Layer.Upsample;
        Blob x = scope.Input(), picture = scope.Picture(x);
        float[] factors = layer.FractionalScalingFactor.Count == 2 ? [.. layer.FractionalScalingFactor]
            : [.. WindowLayers.Pair(layer.ScalingFactor, 1).Select(factor => (float)factor)];
        int height = Scaled(picture.Known[2], factors[0]), width = Scaled(picture.Known[3], factors[1]);
        Shape shape = LayerShape.Of(picture.Known[0], picture.Known[1], height, width);
        if (layer.Mode == UpsampleLayerParams.Types.InterpolationMode.Nn)
        {
            return scope.Unpicture(
                scope.Emit(
                    "upsample_nearest_neighbor", shape, ("x", LayerScope.Of(picture)), ("scale_factor_height", Constants.Number(factors[0])),
                    ("scale_factor_width", Constants.Number(factors[1]))),
                x);
        }

        return Resized(scope, x, picture, height, width, layer.LinearUpsampleMode switch
        {
            UpsampleLayerParams.Types.LinearUpsampleMode.Default => "DEFAULT",
            UpsampleLayerParams.Types.LinearUpsampleMode.AlignCornersTrue => "STRICT_ALIGN_CORNERS",
            UpsampleLayerParams.Types.LinearUpsampleMode.AlignCornersFalse => "UNALIGN_CORNERS",
            _ => throw new LayerOpaqueException(),
        });
    }

    internal static Blob ResizeBilinear(LayerScope scope)
    {
        ResizeBilinearLayerParams layer = scope.Layer.ResizeBilinear;
        Blob x = scope.Input(), picture = scope.Picture(x);
        int[] size = WindowLayers.Pair(layer.TargetSize, 1);
        return Resized(scope, x, picture, size[0], size[1], (layer.Mode?.SamplingMethod ?? 0) switch
        {
            SamplingMode.Types.Method.StrictAlignEndpointsMode => "STRICT_ALIGN_CORNERS",
            SamplingMode.Types.Method.AlignEndpointsMode => "ALIGN_CORNERS",
            SamplingMode.Types.Method.UpsampleMode => "DEFAULT",
            SamplingMode.Types.Method.RoiAlignMode => "OFFSET_CORNERS",
            _ => throw new LayerOpaqueException(),
        });
    }

    internal static Blob Reorganize(LayerScope scope)
    {
        ReorganizeDataLayerParams layer = scope.Layer.ReorganizeData;
        Blob x = scope.Input(), picture = scope.Picture(x);
        int size = checked((int)layer.BlockSize), area = checked(size * size);
        (int channels, int height, int width) = (picture.Known[1], picture.Known[2], picture.Known[3]);
        bool gathers = layer.Mode == ReorganizeDataLayerParams.Types.ReorganizationType.SpaceToDepth;
        if (size < 1 || (gathers ? height % size != 0 || width % size != 0 : channels % area != 0))
        {
            throw new LayerOpaqueException();
        }

        Shape shape = gathers
            ? LayerShape.Of(picture.Known[0], checked(channels * area), height / size, width / size)
            : LayerShape.Of(picture.Known[0], channels / area, checked(height * size), checked(width * size));
        (string type, string input) = layer.Mode switch
        {
            ReorganizeDataLayerParams.Types.ReorganizationType.SpaceToDepth => ("space_to_depth", "block_size"),
            ReorganizeDataLayerParams.Types.ReorganizationType.DepthToSpace => ("depth_to_space", "block_size"),
            ReorganizeDataLayerParams.Types.ReorganizationType.PixelShuffle => ("pixel_shuffle", "upscale_factor"),
            _ => throw new LayerOpaqueException(),
        };
        return scope.Unpicture(scope.Emit(type, shape, ("x", LayerScope.Of(picture)), (input, Constants.Integer(size))), x);
    }

    /// <summary>Rows above and below, columns left and right; zeros where the file has none.</summary>
    /// <exception cref="LayerOpaqueException">There are amounts for another number of axes.</exception>
    internal static int[] Edges(BorderAmounts? amounts) => amounts?.BorderAmounts_ switch
    {
        null or { Count: 0 } => [0, 0, 0, 0],
        { Count: 2 } edges => [checked((int)edges[0].StartEdgeSize), checked((int)edges[0].EndEdgeSize), checked((int)edges[1].StartEdgeSize), checked((int)edges[1].EndEdgeSize)],
        _ => throw new LayerOpaqueException(),
    };

    private static Blob Resized(LayerScope scope, Blob x, Blob picture, int height, int width, string mode) => scope.Unpicture(
        scope.Emit(
            "resize_bilinear", LayerShape.Of(picture.Known[0], picture.Known[1], Positive(height), Positive(width)), ("x", LayerScope.Of(picture)),
            ("target_size_height", Constants.Integer(height)), ("target_size_width", Constants.Integer(width)), ("sampling_mode", Constants.Text(mode))),
        x);

    private static int Scaled(int extent, float factor)
    {
        float scaled = extent * factor;
        return scaled is >= 1 and < int.MaxValue ? (int)scaled : throw new LayerOpaqueException();
    }

    private static int Positive(long extent) => extent is > 0 and <= int.MaxValue ? (int)extent : throw new LayerOpaqueException();
}
