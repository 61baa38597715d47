using SweepCluster.Numerics;

namespace SweepCluster.Inference.Steps;

/// <summary>Bilinear interpolation at a grid of rows and columns.</summary>
internal sealed class InterpolateStep : RowStep
{
    /// <summary>For each output row its place among the input's rows, from 0 to their last.</summary>
    public required float[] Rows { get; init; }

    /// <summary>For each output column its place among the input's columns, from 0 to their last.</summary>
    public required float[] Columns { get; init; }

    private protected override void RunRow(FeatureMap from, ReadOnlySpan<float> source, FeatureMap to, Span<float> target, int channel, int row)
    {
        int top = (int)Rows[row], bottom = Math.Min(top + 1, from.Height - 1);
        float down = Rows[row] - top;
        int above = from.Offset(channel, top, 0), below = from.Offset(channel, bottom, 0);
        for (int column = 0; column < to.Width; column++)
        {
            int left = (int)Columns[column], right = Math.Min(left + 1, from.Width - 1);
            float across = Columns[column] - left;
            float upper = Mix(source[above + (left * from.Lanes)], source[above + (right * from.Lanes)], across);
            float lower = Mix(source[below + (left * from.Lanes)], source[below + (right * from.Lanes)], across);
            target[to.Offset(channel, row, column)] = Mix(upper, lower, down);
        }
    }

    // At a place of the input itself that element alone counts, whatever stands beside it.
    private static float Mix(float first, float second, float share) => share == 0f ? first : MathF.FusedMultiplyAdd(share, second - first, first);
}
