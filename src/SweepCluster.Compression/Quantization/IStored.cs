using System.Runtime.Intrinsics;

namespace SweepCluster.Compression.Quantization;

/// <summary>How the numbers of one stored type are read where they lie: no copy in float32 is made of a weight that is quantized.</summary>
/// <typeparam name="T">What is stored: patterns of float16, or float32.</typeparam>
internal interface IStored<T>
    where T : unmanaged
{
    /// <summary>The largest finite magnitude.</summary>
    static abstract float Limit { get; }

    /// <summary>Sixteen finite numbers from <paramref name="at"/> on.</summary>
    static abstract Vector512<float> Load(ref T from, nuint at);

    /// <summary>One number.</summary>
    static abstract float Value(T stored);

    /// <summary>Stores numbers of this type that are held in float32.</summary>
    static abstract void Store(ReadOnlySpan<float> values, Span<T> stored);

    /// <summary>The largest magnitude; above <see cref="Limit"/> or NaN where a number is not finite.</summary>
    /// <param name="stored">At least one number.</param>
    static abstract float Largest(ReadOnlySpan<T> stored);

    /// <summary>As above for blocks that follow each other.</summary>
    /// <param name="stored">The blocks' numbers.</param>
    /// <param name="length">Numbers of one block, 1 or more.</param>
    /// <param name="largest">Receives the largest magnitude of each.</param>
    static abstract void Largest(ReadOnlySpan<T> stored, int length, Span<float> largest);

    /// <summary>The smallest and the largest number; one of them is beyond <see cref="Limit"/> or NaN where a number is not finite.</summary>
    /// <param name="stored">At least one number.</param>
    static abstract (float Min, float Max) Range(ReadOnlySpan<T> stored);
}
