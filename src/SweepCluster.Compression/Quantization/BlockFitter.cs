using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SweepCluster.Numerics.Halves;

namespace SweepCluster.Compression.Quantization;

/// <summary>Finds scale and zero point of blocks.</summary>
internal static class BlockFitter
{
    // Codes above 8 bits may have to grow the scale so that nothing is cut; the vectors leave that to the plain rule.
    private const int WidestSteps = 255;

    /// <summary>Turns the largest magnitudes of blocks into their scales, for symmetric codes, by <see cref="BlockScale.Fit"/>.</summary>
    /// <param name="scales">Largest magnitudes, replaced by the scales.</param>
    /// <param name="limit">The largest finite magnitude.</param>
    /// <param name="range">The codes in use.</param>
    /// <param name="device">How the device decodes.</param>
    /// <returns>False where a magnitude is not finite.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static bool FitSymmetric(Span<float> scales, float limit, CodeRange range, DeviceArithmetic device)
    {
        bool vectors = Vector128.IsHardwareAccelerated && range.Steps <= WidestSteps;
        ref float at = ref MemoryMarshal.GetReference(scales);
        (float lowest, float highest) = Plain(range, device);
        Vector512<float> least = Vector512.Create(lowest), most = Vector512.Create(highest), steps = Vector512.Create((float)range.Steps);
        int i = 0;
        for (; vectors && i + Vector512<float>.Count <= scales.Length; i += Vector512<float>.Count)
        {
            Vector512<float> largest = Vector512.LoadUnsafe(ref at, (nuint)i);
            if (Vector512.GreaterThanOrEqualAll(largest, least) && Vector512.LessThanOrEqualAll(largest, most))
            {
                Vector512<float> scale = (largest + largest) / steps;
                (device.Halves ? HalfLanes.Round(scale) : scale).StoreUnsafe(ref at, (nuint)i);
            }
            else if (!FitEach(scales.Slice(i, Vector512<float>.Count), limit, range, device))
            {
                return false;
            }
        }

        return FitEach(scales[i..], limit, range, device);
    }

    /// <summary>Fits one block; of several candidates the one of the least squared error wins, the earlier one of equals.</summary>
    /// <returns>False where a value is not finite.</returns>
    internal static bool TryFit<TStored, T>(ReadOnlySpan<T> values, CodeRange range, DeviceArithmetic device, out BlockScale best)
        where TStored : IStored<T>
        where T : unmanaged
    {
        (float min, float max) = TStored.Range(values);
        best = default;
        if (!(Math.Abs(min) <= TStored.Limit) || !(Math.Abs(max) <= TStored.Limit))
        {
            return false;
        }

        Span<BlockScale> candidates = stackalloc BlockScale[BlockScale.MaxCandidates];
        int count = BlockScale.Fit(min, max, range, device, candidates);
        best = candidates[0];
        if (count > 1)
        {
            (double first, double second) = BlockErrors.OfCodes<TStored, T>(values, candidates[0], candidates[1], range);
            best = second < first ? candidates[1] : best;
        }

        return true;
    }

    private static bool FitEach(Span<float> scales, float limit, CodeRange range, DeviceArithmetic device)
    {
        Span<BlockScale> candidates = stackalloc BlockScale[BlockScale.MaxCandidates];
        foreach (ref float scale in scales)
        {
            if (!(scale <= limit))
            {
                return false;
            }

            BlockScale.Fit(-scale, scale, range, device, candidates);
            scale = candidates[0].Scale;
        }

        return true;
    }

    // Magnitudes between which nothing has to be adjusted: the scale is a normal number of its type, rounding it cuts nothing, and every code decodes to a finite value.
    internal static (float Least, float Most) Plain(CodeRange range, DeviceArithmetic device) =>
        device.Halves ? (range.Steps / 16384f, 32768f) : (range.Steps * 1e-30f, 1e36f);
}
