using SweepCluster.Compression.Palettization.Tables;

namespace SweepCluster.Compression.Palettization.Scales;

/// <summary>One scale for each output channel: its largest magnitude, 1 where all is 0.</summary>
/// <remarks>Exact in the weight's type, so that quotients lie between -1 and 1. Differs from the reference on purpose: that reduces over the output channels and keeps one scale for everything else.</remarks>
internal static class ChannelScales
{
    internal static float[] Of(PreparedWeight weight, ChannelGroups groups)
    {
        float[] scales = new float[groups.Channels];
        ReadOnlySpan<float> values = weight.Values.Span;
        for (int outer = 0; outer < groups.Outer; outer++)
        {
            for (int channel = 0; channel < groups.Channels; channel++)
            {
                foreach (float value in values.Slice(groups.Start(outer, channel), groups.Inner))
                {
                    scales[channel] = Math.Max(scales[channel], Math.Abs(value));
                }
            }
        }

        foreach (ref float scale in scales.AsSpan())
        {
            scale = scale == 0 ? 1 : scale;
        }

        return scales;
    }

    /// <summary>The largest scale; 1 where channels have none.</summary>
    internal static float Largest(float[]? scales) => scales?.Max() ?? 1;

    /// <summary>A group's values, each divided by its channel's scale and rounded to float32; in the order of <see cref="ChannelGroups.Gather"/>.</summary>
    internal static float[] Quotients(PreparedWeight weight, ChannelGroups groups, int group, float[] scales)
    {
        float[] quotients = groups.Gather(weight.Values, group * groups.GroupSize, groups.GroupSize).ToArray();
        for (int i = 0; i < quotients.Length; i++)
        {
            quotients[i] /= scales[(group * groups.GroupSize) + (i / groups.Inner % groups.GroupSize)];
        }

        return quotients;
    }

    /// <summary>How much the squared error of each quotient counts: its scale squared, times the importance where there is one. Relative to the largest scale, so that no square overflows.</summary>
    internal static float[] Importances(PreparedWeight weight, ChannelGroups groups, int group, float[] scales)
    {
        int first = group * groups.GroupSize;
        float largest = 0;
        foreach (float scale in scales.AsSpan(first, groups.GroupSize))
        {
            largest = Math.Max(largest, scale);
        }

        float[] importances = weight.Importances.IsEmpty ? [] : groups.Gather(weight.Importances, first, groups.GroupSize).ToArray();
        if (importances.Length == 0)
        {
            importances = new float[groups.GroupLength];
            importances.AsSpan().Fill(1);
        }

        for (int i = 0; i < importances.Length; i++)
        {
            float relative = scales[first + (i / groups.Inner % groups.GroupSize)] / largest;
            importances[i] *= relative * relative;
        }

        return importances;
    }
}
