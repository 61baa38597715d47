namespace SweepCluster.Inference.Planning;

/// <summary>Rows and columns of zeros around a value, each 0 or more.</summary>
internal readonly record struct Margin(int Top, int Left, int Bottom, int Right)
{
    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => (Top | Left | Bottom | Right) == 0;
}
