namespace SweepCluster.Inference.Lowering;

/// <summary>What a slice takes of one axis.</summary>
internal static class SliceRange
{
    /// <summary>The first place, how many, and the step between them.</summary>
    /// <param name="extent">Elements of the axis.</param>
    /// <param name="begin">First place; counted from the end where below 0.</param>
    /// <param name="end">Place behind the last; counted from the end where below 0.</param>
    /// <param name="step">Not 0; below 0 it goes backwards.</param>
    /// <param name="openBegin">Whether it begins at the axis's end that the step comes from.</param>
    /// <param name="openEnd">Whether it ends at the axis's other end.</param>
    /// <param name="single">Whether it takes the first place alone.</param>
    /// <exception cref="LoweringException">It takes nothing, or what is not there.</exception>
    /// <remarks>As Python slices, the rule of the ML-program operation slice_by_index.</remarks>
    public static (int Start, int Extent, int Step) Of(int extent, int begin, int end, int step, bool openBegin, bool openEnd, bool single)
    {
        long first = begin < 0 ? (long)begin + extent : begin;
        if (single)
        {
            return first >= 0 && first < extent ? ((int)first, 1, 1) : throw Fault(extent, begin, end, step);
        }

        if (step == 0)
        {
            throw Fault(extent, begin, end, step);
        }

        long low = step > 0 ? 0 : -1, high = step > 0 ? extent : extent - 1;
        first = openBegin ? (step > 0 ? 0 : extent - 1) : Math.Clamp(first, low, high);
        long last = openEnd ? (step > 0 ? extent : -1) : Math.Clamp(end < 0 ? (long)end + extent : end, low, high);
        long count = step > 0 ? (last - first + step - 1) / step : (first - last - step - 1L) / -(long)step;
        return count > 0 ? ((int)first, (int)count, step) : throw Fault(extent, begin, end, step);
    }

    private static LoweringException Fault(int extent, int begin, int end, int step) =>
        new($"takes the elements from {begin} to {end} by {step} of {extent}, which are none");
}
