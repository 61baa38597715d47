namespace SweepCluster.Formats.CoreMl.NeuralNetworks.Layers;

/// <summary>What a slice takes of one axis: from a first place to before a last one, in steps.</summary>
/// <param name="Begin">The first place.</param>
/// <param name="End">The place that ends it; <see cref="OpenEnd"/> where none does.</param>
/// <param name="Step">The step, not 0.</param>
/// <param name="Count">How many elements.</param>
/// <param name="OpenEnd">Whether it runs to the axis's end.</param>
internal readonly record struct SliceExtents(int Begin, int End, int Step, int Count, bool OpenEnd)
{
    /// <summary>Resolves the numbers of a layer: places below 0 count from the end.</summary>
    /// <exception cref="LayerOpaqueException">It takes nothing.</exception>
    internal static SliceExtents Of(int extent, long begin, long end, int step, bool openBegin, bool openEnd)
    {
        if (step == 0)
        {
            throw new LayerOpaqueException();
        }

        long low = step > 0 ? 0 : -1, high = step > 0 ? extent : extent - 1L;
        long first = openBegin ? (step > 0 ? 0 : extent - 1L) : Math.Clamp(Counted(begin, extent), low, high);
        long last = openEnd ? (step > 0 ? extent : -1) : Math.Clamp(Counted(end, extent), low, high);
        long count = step > 0 ? (last - first + step - 1) / step : (first - last - step - 1) / -(long)step;
        return count > 0 ? new SliceExtents((int)first, (int)Math.Max(last, 0), step, (int)count, openEnd || last < 0) : throw new LayerOpaqueException();
    }

    private static long Counted(long place, int extent) => place < 0 ? Math.Max(place, -(long)int.MaxValue) + extent : place;
}
