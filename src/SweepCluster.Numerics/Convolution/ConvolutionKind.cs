namespace SweepCluster.Numerics.Convolution;

/// <summary>How a convolution is computed.</summary>
internal enum ConvolutionKind
{
    /// <summary>Tiles of output pixels by blocks of output channels, over whole blocks of input channels.</summary>
    Direct,

    /// <summary>One input channel for each output channel, sixteen side by side.</summary>
    Depthwise,

    /// <summary>Groups that do not fill blocks, one output at a time.</summary>
    Grouped,
}
