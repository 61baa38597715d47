using System.Buffers;

namespace SweepCluster.Compression.Palettization;

/// <summary>Arrays that work needs for a moment: short ones from the pool, long ones of exactly the length asked for, because the pool rounds up to a power of two and keeps them.</summary>
internal static class ScratchArrays
{
    private const int LongestPooled = 1 << 17;

    internal static T[] Rent<T>(int length) => length <= LongestPooled ? ArrayPool<T>.Shared.Rent(length) : GC.AllocateUninitializedArray<T>(length);

    internal static void Return<T>(T[]? array)
    {
        if (array is not null && array.Length <= LongestPooled)
        {
            ArrayPool<T>.Shared.Return(array);
        }
    }
}
