namespace SweepCluster.Numerics.Halves;

/// <summary>What float16 holds.</summary>
public static class HalfRange
{
    /// <summary>The largest finite number.</summary>
    public const int Largest = 65504;

    /// <summary>Halfway between the largest number and the next power of two: the smallest magnitude that rounds to infinity.</summary>
    public const int FirstInfinite = 65520;

    /// <summary>Bits of the integers that it holds exactly: all of at most so many.</summary>
    public const int IntegerBits = 11;
}
