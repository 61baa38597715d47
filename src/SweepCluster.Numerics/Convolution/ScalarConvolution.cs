namespace SweepCluster.Numerics.Convolution;

/// <summary>The definition of a convolution: one output at a time, one term at a time. The tiles are held to its bits.</summary>
internal static unsafe class ScalarConvolution
{
    public static void RunDirect(in ConvolutionCall call, Reduction reduction)
    {
        ConvolutionGeometry geometry = call.Geometry;
        int groupBlocks = (geometry.GroupOutputs + FeatureMap.BlockLanes - 1) / FeatureMap.BlockLanes;
        for (int sample = 0; sample < call.Samples; sample++)
        {
            for (int channel = 0; channel < geometry.Output.Blocks * FeatureMap.BlockLanes; channel++)
            {
                int group = channel / (groupBlocks * FeatureMap.BlockLanes), within = channel % (groupBlocks * FeatureMap.BlockLanes);
                int panel = within / ConvolutionWeights.PanelLanes;
                int step = Math.Min(ConvolutionWeights.PanelLanes, (groupBlocks * FeatureMap.BlockLanes) - (panel * ConvolutionWeights.PanelLanes));
                float* weights = call.Weights + (((group * (nint)groupBlocks * FeatureMap.BlockLanes) + (panel * ConvolutionWeights.PanelLanes)) * reduction.Terms)
                    + (within % ConvolutionWeights.PanelLanes);
                float* inputs = call.Input + (sample * (nint)geometry.Input.SampleLength)
                    + (group * (geometry.Input.Blocks / geometry.Groups) * (nint)geometry.Input.BlockPitch);
                for (int row = 0; row < geometry.Output.Height; row++)
                {
                    for (int column = 0; column < geometry.Output.Width; column++)
                    {
                        float* first = inputs + geometry.FirstTap + (row * geometry.StrideY * geometry.Input.RowPitch) + (column * geometry.StrideX * geometry.Input.Lanes);
                        call.Store(sample, channel, row, column, Sum(call.Bias[channel], first, weights, step, reduction));
                    }
                }
            }
        }
    }

    /// <summary>Groups that do not fill blocks: each output on its own, channel, kernel row, kernel column.</summary>
    public static void RunGrouped(in ConvolutionCall call)
    {
        ConvolutionGeometry geometry = call.Geometry;
        for (int sample = 0; sample < call.Samples; sample++)
        {
            for (int channel = 0; channel < geometry.Output.Blocks * FeatureMap.BlockLanes; channel++)
            {
                for (int row = 0; row < geometry.Output.Height; row++)
                {
                    for (int column = 0; column < geometry.Output.Width; column++)
                    {
                        call.Store(sample, channel, row, column, channel < geometry.Output.Channels ? SumGrouped(call, sample, channel, row, column) : 0f);
                    }
                }
            }
        }
    }

    private static float Sum(float sum, float* first, float* weights, int weightStep, Reduction reduction)
    {
        for (int i0 = 0; i0 < reduction.Count0; i0++)
        {
            for (int i1 = 0; i1 < reduction.Count1; i1++)
            {
                for (int i2 = 0; i2 < reduction.Count2; i2++)
                {
                    float* from = first + (i0 * (nint)reduction.Step0) + (i1 * (nint)reduction.Step1) + (i2 * (nint)reduction.Step2);
                    for (int i3 = 0; i3 < reduction.Count3; i3++, weights += weightStep)
                    {
                        sum = MathF.FusedMultiplyAdd(from[i3], *weights, sum);
                    }
                }
            }
        }

        return sum;
    }

    private static float SumGrouped(in ConvolutionCall call, int sample, int channel, int row, int column)
    {
        ConvolutionGeometry geometry = call.Geometry;
        FeatureMap input = geometry.Input;
        float* weights = call.Weights + (channel * (nint)geometry.GroupInputs * geometry.KernelHeight * geometry.KernelWidth);
        int firstInput = channel / geometry.GroupOutputs * geometry.GroupInputs;
        float sum = call.Bias[channel];
        for (int i = firstInput; i < firstInput + geometry.GroupInputs; i++)
        {
            for (int y = 0; y < geometry.KernelHeight; y++)
            {
                for (int x = 0; x < geometry.KernelWidth; x++, weights++)
                {
                    int inputRow = (row * geometry.StrideY) + (y * geometry.DilationY) - geometry.PadTop;
                    int inputColumn = (column * geometry.StrideX) + (x * geometry.DilationX) - geometry.PadLeft;
                    float value = call.Input[(sample * (nint)input.SampleLength) + input.Offset(i, inputRow, inputColumn)];
                    sum = MathF.FusedMultiplyAdd(value, *weights, sum);
                }
            }
        }

        return sum;
    }
}
