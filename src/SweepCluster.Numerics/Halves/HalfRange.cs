namespace SweepCluster.Numerics.Halves;

/// <summary>Where float16 ends.</summary>
public static class HalfRange
{
    /// <summary>The largest finite number.</summary>
    public const int Largest = 65504;

    /// <summary>Halfway between the largest number and the next power of two: the smallest magnitude that rounds to infinity.</summary>
    public const int FirstInfinite = 65520;
}
