namespace SweepCluster.Graphs;

/// <summary>Order of a picture's colour planes.</summary>
public enum ColorOrder
{
    /// <summary>Red, green, blue.</summary>
    Rgb,

    /// <summary>Blue, green, red.</summary>
    Bgr,

    /// <summary>One plane.</summary>
    Grayscale,
}
