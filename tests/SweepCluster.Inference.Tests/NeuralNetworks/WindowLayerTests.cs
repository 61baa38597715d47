using SweepCluster.Formats.CoreMl.Protos;
using static SweepCluster.Inference.Tests.NeuralNetworks.SmallNetwork;

namespace SweepCluster.Inference.Tests.NeuralNetworks;

/// <summary>Convolution, its transpose and pooling, against sums written out in double precision.</summary>
public sealed class WindowLayerTests
{
    private const int Height = 7, Width = 6;

    [Theory]
    [InlineData(1, 1, 1, 1, "valid")]
    [InlineData(2, 1, 1, 1, "valid")]
    [InlineData(1, 2, 1, 2, "same")]
    [InlineData(2, 3, 1, 1, "same_lower")]
    [InlineData(1, 2, 2, 4, "pad")]
    public void Convolution_AnySetting_IsTheSumOverItsWindow(int strideY, int strideX, int dilation, int groups, string padding)
    {
        const int Inputs = 4, Outputs = 8, KernelY = 3, KernelX = 2;
        float[] x = Numbers(Inputs * Height * Width, 1), w = Numbers(Outputs * Inputs / groups * KernelY * KernelX, 2), bias = Numbers(Outputs, 3);
        ConvolutionLayerParams layer = new()
        {
            OutputChannels = Outputs,
            KernelChannels = (ulong)(Inputs / groups),
            NGroups = (ulong)groups,
            KernelSize = { KernelY, KernelX },
            Stride = { (ulong)strideY, (ulong)strideX },
            DilationFactor = { (ulong)dilation, (ulong)dilation },
            HasBias = true,
            Weights = Values(w),
            Bias = Values(bias),
        };
        (int top, int left, int rows, int columns) = Pad(padding, strideY, strideX, ((KernelY - 1) * dilation) + 1, ((KernelX - 1) * dilation) + 1, layer);

        float[] actual = new SmallNetwork([Inputs, Height, Width]).Add(new NeuralNetworkLayer { Convolution = layer }).Run(x);

        Near(
            [.. Places(Outputs, rows, columns).Select(place => bias[place.C] + Enumerable.Range(0, Inputs / groups).Sum(c => Enumerable.Range(0, KernelY).Sum(ky => Enumerable.Range(0, KernelX).Sum(kx =>
                At(x, (place.C / (Outputs / groups) * (Inputs / groups)) + c, (place.Y * strideY) - top + (ky * dilation), (place.X * strideX) - left + (kx * dilation), 0)
                * w[(((((place.C * (Inputs / groups)) + c) * KernelY) + ky) * KernelX) + kx]))))],
            actual);
    }

    [Theory]
    [InlineData(2, 1, "valid", 0, 0)]
    [InlineData(2, 2, "same", 0, 0)]
    [InlineData(3, 1, "pad", 0, 0)]
    [InlineData(2, 1, "valid", 14, 13)] // less than the whole: cut off before and behind
    public void Deconvolution_AnySetting_SpreadsEachElement(int stride, int groups, string padding, int outputHeight, int outputWidth)
    {
        const int Inputs = 4, Outputs = 6, Kernel = 4;
        int ofGroup = Outputs / groups;
        float[] x = Numbers(Inputs * Height * Width, 4), w = Numbers(Inputs * ofGroup * Kernel * Kernel, 5);
        ConvolutionLayerParams layer = new()
        {
            IsDeconvolution = true,
            OutputChannels = Outputs,
            KernelChannels = Inputs,
            NGroups = (ulong)groups,
            KernelSize = { Kernel, Kernel },
            Stride = { (ulong)stride, (ulong)stride },
            Weights = Values(w),
        };
        int wholeHeight = ((Height - 1) * stride) + Kernel, wholeWidth = ((Width - 1) * stride) + Kernel;
        (int cutY, int cutX, int rows, int columns) = (0, 0, wholeHeight, wholeWidth);
        switch (padding)
        {
            case "same":
                layer.Same = new();
                (rows, columns) = (Height * stride, Width * stride);
                (cutY, cutX) = ((wholeHeight - rows) / 2, (wholeWidth - columns) / 2);
                break;
            case "pad":
                layer.Valid = Border(1, 2, 0, 1);
                (cutY, cutX, rows, columns) = (1, 0, wholeHeight - 3, wholeWidth - 1);
                break;
            default:
                layer.Valid = new();
                break;
        }

        if (outputHeight > 0)
        {
            layer.OutputShape.Add([(ulong)outputHeight, (ulong)outputWidth]);
            (cutY, cutX, rows, columns) = ((wholeHeight - outputHeight) / 2, (wholeWidth - outputWidth) / 2, outputHeight, outputWidth);
        }

        double[] whole = new double[Outputs * wholeHeight * wholeWidth];
        foreach ((int c, int y, int x2) in Places(Inputs, Height, Width))
        {
            int group = c / (Inputs / groups);
            foreach ((int o, int ky, int kx) in Places(ofGroup, Kernel, Kernel))
            {
                whole[(((((group * ofGroup) + o) * wholeHeight) + (y * stride) + ky) * wholeWidth) + (x2 * stride) + kx]
                    += (double)x[(((c * Height) + y) * Width) + x2] * w[(((((c * ofGroup) + o) * Kernel) + ky) * Kernel) + kx];
            }
        }

        float[] actual = new SmallNetwork([Inputs, Height, Width]).Add(new NeuralNetworkLayer { Convolution = layer }).Run(x);

        Near([.. Places(Outputs, rows, columns).Select(place => whole[(((place.C * wholeHeight) + place.Y + cutY) * wholeWidth) + place.X + cutX])], actual);
    }

    [Theory]
    [InlineData("valid", 2)]
    [InlineData("same", 2)]
    [InlineData("same_lower", 3)]
    [InlineData("pad", 1)]
    [InlineData("last", 2)]
    public void Pooling_EachKindAndPadding_IsItsFormula(string padding, int stride)
    {
        const int Channels = 3, Kernel = 3;
        float[] x = Numbers(Channels * Height * Width, 6);
        foreach ((PoolingLayerParams.Types.PoolingType type, bool exclude) in new[]
        {
            (PoolingLayerParams.Types.PoolingType.Max, false), (PoolingLayerParams.Types.PoolingType.Average, true),
            (PoolingLayerParams.Types.PoolingType.Average, false), (PoolingLayerParams.Types.PoolingType.L2, false),
        })
        {
            PoolingLayerParams layer = new() { Type = type, KernelSize = { Kernel, Kernel }, Stride = { (ulong)stride, (ulong)stride }, AvgPoolExcludePadding = exclude };
            (int top, int left, int rows, int columns) = Pad(padding, stride, stride, Kernel, Kernel, layer);
            int bottom = padding is "pad" ? 1 : padding is "last" ? 1 : 100, right = padding is "pad" ? 0 : padding is "last" ? 1 : 100;

            float[] actual = new SmallNetwork([Channels, Height, Width]).Add(new NeuralNetworkLayer { Pooling = layer }).Run(x);

            Near(
                [.. Places(Channels, rows, columns).Select(place =>
                {
                    (int y, int x2) = ((place.Y * stride) - top, (place.X * stride) - left);
                    double[] window = [.. Places(1, Kernel, Kernel).Select(tap => At(x, place.C, y + tap.Y, x2 + tap.X, double.NaN)).Where(value => !double.IsNaN(value))];
                    int area = (Math.Min(y + Kernel, Height + bottom) - y) * (Math.Min(x2 + Kernel, Width + right) - x2);
                    return type switch
                    {
                        PoolingLayerParams.Types.PoolingType.Max => window.Max(),
                        PoolingLayerParams.Types.PoolingType.Average => window.Sum() / (exclude ? window.Length : area),
                        _ => Math.Sqrt(window.Sum(value => value * value)),
                    };
                })],
                actual);
        }
    }

    [Fact]
    public void Pooling_Global_TakesTheWholePicture()
    {
        float[] x = Numbers(2 * Height * Width, 7);
        double[][] channels = [.. x.Chunk(Height * Width).Select(channel => Array.ConvertAll(channel, value => (double)value))];
        Near([.. channels.Select(channel => channel.Max())], Global(PoolingLayerParams.Types.PoolingType.Max));
        Near([.. channels.Select(channel => channel.Average())], Global(PoolingLayerParams.Types.PoolingType.Average));
        Near([.. channels.Select(channel => Math.Sqrt(channel.Sum(value => value * value)))], Global(PoolingLayerParams.Types.PoolingType.L2));

        float[] Global(PoolingLayerParams.Types.PoolingType type) =>
            new SmallNetwork([2, Height, Width]).Add(new NeuralNetworkLayer { Pooling = new() { Type = type, GlobalPooling = true, Valid = new() } }).Run(x);
    }

    // Sets a layer's padding; what stands above and on the left, and how many positions there are.
    private static (int Top, int Left, int Rows, int Columns) Pad(string padding, int strideY, int strideX, int reachY, int reachX, object layer)
    {
        int[] edges = padding == "pad" ? [1, 1, 2, 0] : [0, 0, 0, 0];
        SamePadding? same = padding.StartsWith("same", StringComparison.Ordinal)
            ? new() { AsymmetryMode = padding == "same" ? SamePadding.Types.SamePaddingMode.BottomRightHeavy : SamePadding.Types.SamePaddingMode.TopLeftHeavy } : null;
        ValidPadding? valid = same is null && padding != "last" ? Border(edges[0], edges[1], edges[2], edges[3]) : null;
        switch (layer)
        {
            case ConvolutionLayerParams convolution when same is not null:
                convolution.Same = same;
                break;
            case ConvolutionLayerParams convolution:
                convolution.Valid = valid;
                break;
            case PoolingLayerParams pooling when padding == "last":
                pooling.IncludeLastPixel = new() { PaddingAmounts = { 1, 1 } };
                break;
            case PoolingLayerParams pooling when same is not null:
                pooling.Same = same;
                break;
            case PoolingLayerParams pooling:
                pooling.Valid = valid;
                break;
        }

        if (same is not null)
        {
            int rows = (Height + strideY - 1) / strideY, columns = (Width + strideX - 1) / strideX;
            int totalY = Math.Max(0, ((rows - 1) * strideY) + reachY - Height), totalX = Math.Max(0, ((columns - 1) * strideX) + reachX - Width);
            return padding == "same" ? (totalY / 2, totalX / 2, rows, columns) : (totalY - (totalY / 2), totalX - (totalX / 2), rows, columns);
        }

        if (padding == "last")
        {
            return (1, 1, Last(Height, reachY, strideY), Last(Width, reachX, strideX));
        }

        return (edges[0], edges[2], ((Height + edges[0] + edges[1] - reachY) / strideY) + 1, ((Width + edges[2] + edges[3] - reachX) / strideX) + 1);
    }

    // The formula of the format for includeLastPixel, with a padding of 1.
    private static int Last(int extent, int kernel, int stride)
    {
        int positions = (int)Math.Ceiling((extent + 2 - kernel) / (double)stride) + 1;
        return (positions - 1) * stride >= extent + 1 ? positions - 1 : positions;
    }

    private static ValidPadding Border(int top, int bottom, int left, int right)
    {
        BorderAmounts amounts = new();
        amounts.BorderAmounts_.Add(new BorderAmounts.Types.EdgeSizes { StartEdgeSize = (ulong)top, EndEdgeSize = (ulong)bottom });
        amounts.BorderAmounts_.Add(new BorderAmounts.Types.EdgeSizes { StartEdgeSize = (ulong)left, EndEdgeSize = (ulong)right });
        return new() { PaddingAmounts = amounts };
    }

    private static double At(float[] x, int channel, int row, int column, double outside) =>
        row < 0 || column < 0 || row >= Height || column >= Width ? outside : x[(((channel * Height) + row) * Width) + column];

    private static IEnumerable<(int C, int Y, int X)> Places(int channels, int rows, int columns) =>
        from c in Enumerable.Range(0, channels) from y in Enumerable.Range(0, rows) from x in Enumerable.Range(0, columns) select (c, y, x);

    private static float[] Numbers(int count, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)((2 * random.NextDouble()) - 1))];
    }

    private static void Near(double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.Second, pair.First - 2e-6, pair.First + 2e-6));
    }
}
