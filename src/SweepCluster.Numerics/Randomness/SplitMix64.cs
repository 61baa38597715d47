namespace SweepCluster.Numerics.Randomness;

/// <summary>A generator of random numbers whose sequence is fixed for ever by its seed, on every machine and version.</summary>
/// <param name="seed">The seed.</param>
/// <remarks>Source: G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.</remarks>
public struct SplitMix64(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        ulong mixed = _state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>A number from 0 up to, not including, 1: the upper 53 bits of <see cref="Next"/>.</summary>
    public double NextUnit() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A number from 0 to bound - 1, each equally likely.</summary>
    /// <param name="bound">1 or more.</param>
    /// <remarks>The upper half of a 128-bit product, with the few products rejected that would favour some numbers. Source: D. Lemire,
    /// "Fast random integer generation in an interval", ACM TOMACS 29 (2019).</remarks>
    public ulong NextBelow(ulong bound)
    {
        ulong high = Math.BigMul(Next(), bound, out ulong low);
        if (low < bound)
        {
            ulong rejected = unchecked(0UL - bound) % bound; // 2^64 mod bound
            while (low < rejected)
            {
                high = Math.BigMul(Next(), bound, out low);
            }
        }

        return high;
    }
}
