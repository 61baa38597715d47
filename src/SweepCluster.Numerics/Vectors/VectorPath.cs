namespace SweepCluster.Numerics.Vectors;

/// <summary>How wide a kernel computes. Every path gives the same bits.</summary>
public enum VectorPath
{
    /// <summary>One element at a time: the definition that the others are held to.</summary>
    Scalar,

    /// <summary>Four floats at a time.</summary>
    Vector128,

    /// <summary>Eight floats at a time.</summary>
    Vector256,

    /// <summary>Sixteen floats at a time.</summary>
    Vector512,
}
