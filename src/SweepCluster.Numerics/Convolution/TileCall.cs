namespace SweepCluster.Numerics.Convolution;

/// <summary>What one tile of a direct convolution reads and writes. Distances are in floats.</summary>
internal unsafe struct TileCall
{
    /// <summary>First tap of the first pixel of segment A and of segment B.</summary>
    public float* InputA, InputB;

    /// <summary>The panel's weights, in the order of the reduction.</summary>
    public float* Weights;

    /// <summary>The panel's biases.</summary>
    public float* Bias;

    /// <summary>First output pixel of each segment, in the panel's first block; the second block follows at <see cref="OutputBlock"/>.</summary>
    public float* OutputA, OutputB;

    /// <summary>What is added to each output, laid out likewise; null where nothing is.</summary>
    public float* ResidualA, ResidualB;

    /// <summary>Distance from an output to the same pixel of the next block.</summary>
    public nint OutputBlock, ResidualBlock;

    /// <summary>The reduction: four loops, outermost first; the innermost runs over neighbours.</summary>
    public nint Count0, Count1, Count2, Count3, Step0, Step1, Step2;

    /// <summary>Distance from the weights of one term to those of the next: the lanes of a panel.</summary>
    public nint WeightStep;

    /// <summary>Whether values below 0 become 0.</summary>
    public bool Rectify;
}
