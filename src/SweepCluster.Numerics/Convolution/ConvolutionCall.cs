namespace SweepCluster.Numerics.Convolution;

/// <summary>One run of a convolution: what it reads and where it writes.</summary>
internal readonly unsafe struct ConvolutionCall(
    ConvolutionGeometry geometry, float* input, float* output, float* residual, FeatureMap residualMap, float* weights, float* bias, int samples, bool rectify)
{
    public readonly ConvolutionGeometry Geometry = geometry;
    public readonly float* Input = input;
    public readonly float* Output = output;

    /// <summary>Null where nothing is added.</summary>
    public readonly float* Residual = residual;
    public readonly FeatureMap ResidualMap = residualMap;
    public readonly float* Weights = weights;
    public readonly float* Bias = bias;
    public readonly int Samples = samples;
    public readonly bool Rectify = rectify;

    /// <summary>Stores one output: adds the residual, then makes 0 of what is below 0.</summary>
    public void Store(int sample, int channel, int row, int column, float sum)
    {
        if (Residual is not null)
        {
            sum += Residual[(sample * (nint)ResidualMap.SampleLength) + ResidualMap.Offset(channel, row, column)];
        }

        Output[(sample * (nint)Geometry.Output.SampleLength) + Geometry.Output.Offset(channel, row, column)] = Rectify && 0f > sum ? 0f : sum;
    }
}
