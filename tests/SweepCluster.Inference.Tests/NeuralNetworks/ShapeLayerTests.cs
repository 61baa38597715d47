using SweepCluster.Formats.CoreMl.Protos;

namespace SweepCluster.Inference.Tests.NeuralNetworks;

/// <summary>Layers that move elements, on the examples of the format's own description or on numbers that are easily worked by hand.</summary>
public sealed class ShapeLayerTests
{
    private static readonly float[] s_twelve = [.. Enumerable.Range(1, 12).Select(value => (float)value)];

    [Theory]
    [InlineData("constant", new float[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 0, 0, 5, 6, 7, 8, 0, 0, 9, 10, 11, 12 })]
    [InlineData("reflection", new float[] { 11, 10, 9, 10, 11, 12, 7, 6, 5, 6, 7, 8, 3, 2, 1, 2, 3, 4, 7, 6, 5, 6, 7, 8, 11, 10, 9, 10, 11, 12 })]
    [InlineData("replication", new float[] { 1, 1, 1, 2, 3, 4, 1, 1, 1, 2, 3, 4, 1, 1, 1, 2, 3, 4, 5, 5, 5, 6, 7, 8, 9, 9, 9, 10, 11, 12 })]
    public void Padding_TheFormatsExample_IsWhatItShows(string kind, float[] expected)
    {
        PaddingLayerParams padding = new() { PaddingAmounts = Border(2, 0, 2, 0) };
        switch (kind)
        {
            case "constant":
                padding.Constant = new();
                break;
            case "reflection":
                padding.Reflection = new();
                break;
            default:
                padding.Replication = new();
                break;
        }

        Assert.Equal(expected, new SmallNetwork([1, 3, 4]).Add(new NeuralNetworkLayer { Padding = padding }).Run(s_twelve));
    }

    [Fact]
    public void ReorganizeData_TheFormatsExample_IsWhatItShows()
    {
        float[] sixteen = [.. Enumerable.Range(1, 16).Select(value => (float)value)];
        float[] deep = [1, 5, 2, 6, 9, 13, 10, 14, 3, 7, 4, 8, 11, 15, 12, 16], shuffled = [1, 3, 2, 4, 5, 7, 6, 8, 9, 11, 10, 12, 13, 15, 14, 16];
        Assert.Equal(deep, Reorganized([8, 1, 2], ReorganizeDataLayerParams.Types.ReorganizationType.DepthToSpace, sixteen));
        Assert.Equal(shuffled, Reorganized([8, 1, 2], ReorganizeDataLayerParams.Types.ReorganizationType.PixelShuffle, sixteen));
        Assert.Equal(sixteen, Reorganized([2, 2, 4], ReorganizeDataLayerParams.Types.ReorganizationType.SpaceToDepth, deep));

        static float[] Reorganized(long[] shape, ReorganizeDataLayerParams.Types.ReorganizationType mode, float[] input) =>
            new SmallNetwork(shape).Add(new NeuralNetworkLayer { ReorganizeData = new() { Mode = mode, BlockSize = 2 } }).Run(input);
    }

    [Fact]
    public void FlattenAndReshape_ChannelsLast_GoThroughPixelsFirst()
    {
        NeuralNetworkLayer flatten = new() { Flatten = new() { Mode = FlattenLayerParams.Types.FlattenOrder.ChannelLast } };
        Assert.Equal([1f, 5, 9, 2, 6, 10, 3, 7, 11, 4, 8, 12], new SmallNetwork([3, 2, 2]).Add(flatten).Run(s_twelve));
        NeuralNetworkLayer reshape = new() { Reshape = new() { Mode = ReshapeLayerParams.Types.ReshapeOrder.ChannelLast, TargetShape = { 2, 3, 2 } } };

        // Flattened 1, 5, 9, 2, ... and cut into 3 rows of 2 columns of 2 channels.
        Assert.Equal([1f, 9, 6, 3, 11, 8, 5, 2, 10, 7, 4, 12], new SmallNetwork([3, 2, 2]).Add(reshape).Run(s_twelve));
        NeuralNetworkLayer plain = new() { Reshape = new() { TargetShape = { 2, 3, 2 } } };
        Assert.Equal(s_twelve, new SmallNetwork([3, 2, 2]).Add(plain).Run(s_twelve));
    }

    [Fact]
    public void Permute_ColumnsFirst_PutsThemThere() =>
        Assert.Equal(
            [1f, 3, 5, 7, 9, 11, 2, 4, 6, 8, 10, 12], // [C, H, W] to [W, C, H]
            new SmallNetwork([3, 2, 2]).Add(new NeuralNetworkLayer { Permute = new() { Axis = { 0, 3, 1, 2 } } }).Run(s_twelve));

    [Fact]
    public void ConcatSplitSlice_OnChannels_TakeWholePlanes()
    {
        SmallNetwork network = new SmallNetwork([4, 1, 3])
            .Add(new NeuralNetworkLayer { Split = new() { NOutputs = 2 }, Output = { "first", "second" } })
            .Add(new NeuralNetworkLayer { Slice = new() { StartIndex = 1, EndIndex = -1, Stride = 1, Axis = SliceLayerParams.Types.SliceAxis.ChannelAxis }, Output = { "middle" } }, "x")
            .Add(new NeuralNetworkLayer { Concat = new() }, "second", "middle", "first");

        Assert.Equal([7f, 8, 9, 10, 11, 12, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5, 6], network.Run(s_twelve));
    }

    [Fact]
    public void Crop_ByAmountsAndByAnotherValue_KeepsThePartInside()
    {
        NeuralNetworkLayer amounts = new() { Crop = new() { CropAmounts = Border(1, 0, 1, 1).Clone() }, Output = { "inside" } };
        Assert.Equal([6f, 7, 10, 11], new SmallNetwork([1, 3, 4]).Add(amounts.Clone()).Run(s_twelve));
        SmallNetwork two = new SmallNetwork([1, 3, 4]).Add(amounts).Add(new NeuralNetworkLayer { Crop = new() { Offset = { 0, 2 } } }, "x", "inside");
        Assert.Equal([3f, 4, 7, 8], two.Run(s_twelve));
    }

    [Fact]
    public void Upsample_NearestAndEachBilinearGrid_FollowsTheFormatsFormulas()
    {
        NeuralNetworkLayer nearest = new() { Upsample = new() { ScalingFactor = { 2, 1 } } };
        Assert.Equal([1f, 2, 1, 2, 3, 4, 3, 4], new SmallNetwork([1, 2, 2]).Add(nearest).Run(1, 2, 3, 4));
        Near([0, 1 / 3d, 2 / 3d, 1, 1, 1], Up(UpsampleLayerParams.Types.LinearUpsampleMode.Default));
        Near([0, 0.2, 0.4, 0.6, 0.8, 1], Up(UpsampleLayerParams.Types.LinearUpsampleMode.AlignCornersTrue));
        Near([0, 0, 1 / 3d, 2 / 3d, 1, 1], Up(UpsampleLayerParams.Types.LinearUpsampleMode.AlignCornersFalse));
        Near([0.1, 0.3, 0.5, 0.7, 0.9], Resized(SamplingMode.Types.Method.RoiAlignMode));
        Near([0, 0.4, 0.8, 1, 1], Resized(SamplingMode.Types.Method.UpsampleMode));
        Near([0, 0.25, 0.5, 0.75, 1], Resized(SamplingMode.Types.Method.StrictAlignEndpointsMode));

        static float[] Up(UpsampleLayerParams.Types.LinearUpsampleMode mode) => new SmallNetwork([1, 1, 2])
            .Add(new NeuralNetworkLayer { Upsample = new() { ScalingFactor = { 1, 3 }, Mode = UpsampleLayerParams.Types.InterpolationMode.Bilinear, LinearUpsampleMode = mode } }).Run(0, 1);
        static float[] Resized(SamplingMode.Types.Method method) => new SmallNetwork([1, 1, 2])
            .Add(new NeuralNetworkLayer { ResizeBilinear = new() { TargetSize = { 1, 5 }, Mode = new() { SamplingMethod = method } } }).Run(0, 1);
    }

    // The examples of the format's description, where it has one.
    [Fact]
    public void AnyRank_EachLayer_MovesElementsAsItSays()
    {
        NoLayerParams none = new();
        Assert.Equal([1f, 5, 9, 2, 6, 10, 3, 7, 11, 4, 8, 12], Exact([3, 4], new NeuralNetworkLayer { Transpose = new() { Axes = { 1, 0 } } }));
        Assert.Equal([10f, 12], Exact([3, 4], new NeuralNetworkLayer
        {
            SliceStatic = new()
            {
                BeginIds = { 2, 1 },
                EndIds = { 0, 0 },
                Strides = { 1, 2 },
                BeginMasks = { false, false },
                EndMasks = { false, true },
                SqueezeMasks = { true, false },
            },
        }));
        Assert.Equal([4f, 3, 2, 1, 8, 7, 6, 5, 12, 11, 10, 9], Exact([3, 4], new NeuralNetworkLayer { Reverse = new() { ReverseDim = { false, true } } }));
        Assert.Equal([1f, 2, 1, 2, 3, 4, 3, 4, 5, 6, 5, 6], Exact([3, 2], new NeuralNetworkLayer { Tile = new() { Reps = { 1, 2 } } }, 6));
        Assert.Equal([9f, 9, 1, 2, 3, 9, 9, 4, 5, 6], Exact([2, 3], new NeuralNetworkLayer { ConstantPad = new() { Value = 9, PadAmounts = { 0, 0, 2, 0 } } }, 6));
        Assert.Equal([1f, 2, 3, 1, 2, 3], Exact([3], new NeuralNetworkLayer { BroadcastToStatic = new() { TargetShape = { 2, 3 } } }, 3));
        Assert.Equal(s_twelve, Exact([3, 4], new NeuralNetworkLayer { ExpandDims = new() { Axes = { 0, -1 } } }));
        Assert.Equal(s_twelve, Exact([2, 3, 2], new NeuralNetworkLayer { FlattenTo2D = new() { Axis = -1 } }));
        SmallNetwork stack = new SmallNetwork([3], isExact: true).Add(new NeuralNetworkLayer { Stack = new() { Axis = 1 } }, "x", "x");
        Assert.Equal([1f, 1, 2, 2, 3, 3], stack.Run(1, 2, 3));
        SmallNetwork concat = new SmallNetwork([2, 2], isExact: true)
            .Add(new NeuralNetworkLayer { SplitND = new() { Axis = 1, SplitSizes = { 1, 1 } }, Output = { "a", "b" } })
            .Add(new NeuralNetworkLayer { ConcatND = new() { Axis = -1 } }, "b", "a", "b");
        Assert.Equal([2f, 1, 2, 4, 3, 4], concat.Run(1, 2, 3, 4));
        SmallNetwork squeezed = new SmallNetwork([3, 1, 4], isExact: true).Add(new NeuralNetworkLayer { Squeeze = new() { Axes = { 1 } } })
            .Add(new NeuralNetworkLayer { ReshapeStatic = new() { TargetShape = { -1, 6 } } }).Add(new NeuralNetworkLayer { Ceil = none });
        Assert.Equal(s_twelve, squeezed.Run(s_twelve));
    }

    private static float[] Exact(long[] shape, NeuralNetworkLayer layer, int count = 12) => new SmallNetwork(shape, isExact: true).Add(layer).Run(s_twelve[..count]);

    private static BorderAmounts Border(ulong top, ulong bottom, ulong left, ulong right)
    {
        BorderAmounts amounts = new();
        amounts.BorderAmounts_.Add(new BorderAmounts.Types.EdgeSizes { StartEdgeSize = top, EndEdgeSize = bottom });
        amounts.BorderAmounts_.Add(new BorderAmounts.Types.EdgeSizes { StartEdgeSize = left, EndEdgeSize = right });
        return amounts;
    }

    private static void Near(double[] expected, float[] actual) => Assert.Equal(expected, Array.ConvertAll(actual, value => (double)value), (a, b) => Math.Abs(a - b) < 1e-6);
}
