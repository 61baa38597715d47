namespace SweepCluster.Numerics.Convolution;

/// <summary>The order in which the terms of one output are summed: four nested loops over the input, outermost first; steps in floats, the innermost runs over neighbours.</summary>
internal readonly record struct Reduction(int Count0, int Step0, int Count1, int Step1, int Count2, int Step2, int Count3)
{
    /// <summary>Number of terms, those of lanes that only fill up a block included.</summary>
    public nint Terms => (nint)Count0 * Count1 * Count2 * Count3;

    /// <summary>The order for one group of a convolution.</summary>
    public static Reduction Of(ConvolutionGeometry geometry)
    {
        FeatureMap input = geometry.Input;
        int blocks = (geometry.GroupInputs + input.Lanes - 1) / input.Lanes;
        bool adjacent = geometry.DilationX == 1 || geometry.KernelWidth == 1;
        return new(
            blocks,
            input.BlockPitch,
            geometry.KernelHeight,
            geometry.DilationY * input.RowPitch,
            adjacent ? 1 : geometry.KernelWidth,
            geometry.DilationX * input.Lanes,
            adjacent ? geometry.KernelWidth * input.Lanes : input.Lanes);
    }

    /// <summary>A tile's call with these loops filled in.</summary>
    public TileCall Start(bool rectify) => new()
    {
        Count0 = Count0,
        Count1 = Count1,
        Count2 = Count2,
        Count3 = Count3,
        Step0 = Step0,
        Step1 = Step1,
        Step2 = Step2,
        Rectify = rectify,
    };
}
