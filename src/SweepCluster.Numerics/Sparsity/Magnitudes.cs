using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SweepCluster.Numerics.Sparsity;

/// <summary>Magnitudes of floating-point numbers, compared through their bits: without the sign bit, bits of finite numbers are in the order of the magnitudes.</summary>
/// <remarks>Numbers are <see cref="ushort"/> for float16 and <see cref="uint"/> for float32. The same results on every machine. Allocates nothing.</remarks>
public static class Magnitudes
{
    /// <summary>Counts the magnitudes above a threshold and finds the largest, in one pass.</summary>
    /// <typeparam name="T"><see cref="ushort"/> or <see cref="uint"/>.</typeparam>
    /// <param name="numbers">Bits of the numbers.</param>
    /// <param name="threshold">Bits of a number of 0 or more.</param>
    /// <param name="largest">Receives the bits of the largest magnitude; 0 where there is none. At or above those of infinity, a number is not finite.</param>
    public static int CountAbove<T>(ReadOnlySpan<T> numbers, T threshold, out T largest)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>, IMinMaxValue<T>
    {
        int count = 0, i = 0;
        T most = T.Zero;
        if (Vector128.IsHardwareAccelerated && numbers.Length >= 2 * Vector512<T>.Count)
        {
            ref T from = ref MemoryMarshal.GetReference(numbers);
            Vector512<T> noSign = Vector512.Create(T.MaxValue >>> 1), limit = Vector512.Create(threshold), first = default, second = default;
            for (; i <= numbers.Length - (2 * Vector512<T>.Count); i += 2 * Vector512<T>.Count)
            {
                Vector512<T> left = Vector512.LoadUnsafe(ref from, (nuint)i) & noSign, right = Vector512.LoadUnsafe(ref from, (nuint)(i + Vector512<T>.Count)) & noSign;
                first = Vector512.Max(first, left);
                second = Vector512.Max(second, right);
                count += BitOperations.PopCount(Vector512.GreaterThan(left, limit).ExtractMostSignificantBits())
                    + BitOperations.PopCount(Vector512.GreaterThan(right, limit).ExtractMostSignificantBits());
            }

            most = Largest(Vector512.Max(first, second));
        }

        count += CountAboveScalar(numbers[i..], threshold, out largest);
        largest = T.Max(largest, most);
        return count;
    }

    // The definition: tests hold the vector path to it. It also finishes the tail.
    internal static int CountAboveScalar<T>(ReadOnlySpan<T> numbers, T threshold, out T largest)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>, IMinMaxValue<T>
    {
        int count = 0;
        largest = T.Zero;
        foreach (T number in numbers)
        {
            T magnitude = number & (T.MaxValue >>> 1);
            largest = T.Max(largest, magnitude);
            count += magnitude > threshold ? 1 : 0;
        }

        return count;
    }

    internal static T Largest<T>(Vector512<T> magnitudes)
        where T : unmanaged, IBinaryInteger<T>
    {
        T largest = magnitudes[0];
        for (int lane = 1; lane < Vector512<T>.Count; lane++)
        {
            largest = T.Max(largest, magnitudes[lane]);
        }

        return largest;
    }
}
