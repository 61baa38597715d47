namespace SweepCluster.Graphs.Schemes;

/// <summary>Where the entries of a palette come from.</summary>
public enum PaletteMode
{
    /// <summary>The clusters of the least squared error: optimal for scalars; for vectors the best of several starts.</summary>
    KMeans,

    /// <summary>Evenly spaced between the smallest and the largest value.</summary>
    Uniform,

    /// <summary>The distinct values themselves: nothing is lost, and a weight with too many of them is left alone.</summary>
    Unique,

    /// <summary>A table or a rule of the user's.</summary>
    Custom,
}
