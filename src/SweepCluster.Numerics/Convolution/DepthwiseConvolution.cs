using SweepCluster.Numerics.Vectors;

namespace SweepCluster.Numerics.Convolution;

/// <summary>One input channel for each output channel: sixteen channels side by side, kernel row by kernel row.</summary>
internal static unsafe class DepthwiseConvolution
{
    public static void Run(in ConvolutionCall call, VectorPath path)
    {
        switch (path)
        {
            case VectorPath.Vector512:
                Run<Lanes512>(call);
                break;
            case VectorPath.Vector256:
                Run<Lanes256>(call);
                break;
            case VectorPath.Vector128:
                Run<Lanes128>(call);
                break;
            default:
                Run<LanesScalar>(call);
                break;
        }
    }

    private static void Run<TLanes>(in ConvolutionCall call)
        where TLanes : struct, ILanes<TLanes>
    {
        ConvolutionGeometry geometry = call.Geometry;
        FeatureMap input = geometry.Input, output = geometry.Output, residual = call.ResidualMap;
        int taps = geometry.KernelHeight * geometry.KernelWidth;
        for (int block = 0; block < output.Blocks; block++)
        {
            float* weights = call.Weights + (block * taps * FeatureMap.BlockLanes);
            for (int sample = 0; sample < call.Samples; sample++)
            {
                float* from = call.Input + (sample * (nint)input.SampleLength) + (block * (nint)input.BlockPitch) + geometry.FirstTap;
                float* to = call.Output + (sample * (nint)output.SampleLength) + (block * (nint)output.BlockPitch) + output.Origin;
                float* add = call.Residual is null ? null
                    : call.Residual + (sample * (nint)residual.SampleLength) + (block * (nint)residual.BlockPitch) + residual.Origin;
                for (int row = 0; row < output.Height; row++)
                {
                    RunRow<TLanes>(
                        geometry,
                        from + (row * geometry.StrideY * input.RowPitch),
                        weights,
                        call.Bias + (block * FeatureMap.BlockLanes),
                        to + (row * output.RowPitch),
                        add is null ? null : add + (row * residual.RowPitch),
                        call.Rectify);
                }
            }
        }
    }

    private static void RunRow<TLanes>(ConvolutionGeometry geometry, float* from, float* weights, float* bias, float* to, float* add, bool rectify)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes zero = TLanes.Broadcast(0f);
        nint rowStep = geometry.DilationY * geometry.Input.RowPitch, columnStep = geometry.DilationX * FeatureMap.BlockLanes;
        int kernelHeight = geometry.KernelHeight, kernelWidth = geometry.KernelWidth, width = geometry.Output.Width, stride = geometry.StrideX;
        for (int column = 0; column < width; column++)
        {
            TLanes sum = TLanes.Load(bias);
            float* tapWeights = weights;
            for (int y = 0; y < kernelHeight; y++)
            {
                float* tap = from + (column * stride * FeatureMap.BlockLanes) + (y * rowStep);
                for (int x = 0; x < kernelWidth; x++, tap += columnStep, tapWeights += FeatureMap.BlockLanes)
                {
                    sum = TLanes.MultiplyAdd(TLanes.Load(tap), TLanes.Load(tapWeights), sum);
                }
            }

            if (add is not null)
            {
                sum = TLanes.Add(sum, TLanes.Load(add + (column * FeatureMap.BlockLanes)));
            }

            TLanes.Store(to + (column * FeatureMap.BlockLanes), rectify ? TLanes.Larger(zero, sum) : sum);
        }
    }
}
