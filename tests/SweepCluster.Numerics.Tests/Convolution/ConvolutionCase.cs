using SweepCluster.Numerics.Convolution;
using SweepCluster.Numerics.Vectors;

namespace SweepCluster.Numerics.Tests.Convolution;

/// <summary>One shape to try, with how it is laid out and a plain evaluation in exact arithmetic.</summary>
public sealed record ConvolutionCase(
    int Inputs, int Outputs, int Height, int Width, int Kernel, int Stride = 1, int Dilation = 1, int Pad = 0, int Groups = 1, int Lanes = 16, int Samples = 1)
{
    internal ConvolutionGeometry Geometry
    {
        get
        {
            int Positions(int length) => ((length + (2 * Pad) - ((Kernel - 1) * Dilation) - 1) / Stride) + 1;
            FeatureMap input = new(Inputs, Height, Width, Lanes, Pad, Pad, Pad, Pad);
            FeatureMap output = new(Outputs, Positions(Height), Positions(Width), FeatureMap.BlockLanes, 1, 0, 0, 2);
            return new(input, output, Kernel, Kernel, Stride, Stride, Dilation, Dilation, Pad, Pad, Groups);
        }
    }

    internal long InputCount => (long)Samples * Inputs * Height * Width;

    internal float[] Run(VectorPath path, float[] plainInput, float[] weight, float[] bias, float[]? plainResidual, bool rectify)
    {
        ConvolutionGeometry geometry = Geometry;
        FeatureMap residualMap = geometry.Output.WithoutMargin();
        float[] output = [.. Enumerable.Repeat(float.NaN, Samples * geometry.Output.SampleLength)];
        new Convolver(geometry, path).Run(
            ConvolutionWeights.Pack(geometry, weight),
            AlignedFloats.CopyOf(bias, FeatureMap.BlockLanes),
            Tests.Samples.LayOut(geometry.Input, plainInput, Samples),
            output,
            Samples,
            plainResidual is null ? [] : Tests.Samples.LayOut(residualMap, plainResidual, Samples),
            residualMap,
            rectify);
        return output;
    }

    internal float[] RunExact(float[] input, float[] weight, float[] bias, float[] residual, bool rectify)
    {
        FeatureMap output = Geometry.Output;
        int groupInputs = Inputs / Groups, groupOutputs = Outputs / Groups;
        float[] plain = new float[Samples * Outputs * output.Height * output.Width];
        for (int i = 0; i < plain.Length; i++)
        {
            int column = i % output.Width, row = i / output.Width % output.Height;
            int channel = i / (output.Width * output.Height) % Outputs, sample = i / (output.Width * output.Height * Outputs);
            double sum = bias[channel] + residual[i];
            for (int tap = 0; tap < groupInputs * Kernel * Kernel; tap++)
            {
                int from = (channel / groupOutputs * groupInputs) + (tap / (Kernel * Kernel));
                int y = (row * Stride) + (tap / Kernel % Kernel * Dilation) - Pad, x = (column * Stride) + (tap % Kernel * Dilation) - Pad;
                bool inside = y >= 0 && y < Height && x >= 0 && x < Width;
                sum += inside ? (double)input[(((((sample * Inputs) + from) * Height) + y) * Width) + x] * weight[(channel * groupInputs * Kernel * Kernel) + tap] : 0;
            }

            plain[i] = rectify ? Math.Max(0f, (float)sum) : (float)sum;
        }

        return plain;
    }
}
