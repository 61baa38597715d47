namespace SweepCluster.Compression.Palettization.Vectors;

/// <summary>Pseudo-random numbers from a seed: the same on every machine and in every version of the runtime.</summary>
/// <remarks>SplitMix64. Source: Steele, Lea and Flood, Fast splittable pseudorandom number generators, 2014.</remarks>
internal struct SplitMix(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A number from 0 up to, not including, 1.</summary>
    internal double Next()
    {
        _state += 0x9E3779B97F4A7C15;
        ulong mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return ((mixed ^ (mixed >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
