using SweepCluster.Numerics;

namespace SweepCluster.Inference.Steps;

/// <summary>Puts a constant around channels, rows and columns.</summary>
internal sealed class PadStep : SampleStep
{
    /// <summary>What is put there.</summary>
    public required float Value { get; init; }

    /// <summary>Channels before the input's.</summary>
    public required int FirstChannel { get; init; }

    /// <summary>Rows above.</summary>
    public required int FirstRow { get; init; }

    /// <summary>Columns on the left.</summary>
    public required int FirstColumn { get; init; }

    private protected override void RunSample(FeatureMap from, ReadOnlySpan<float> source, FeatureMap to, Span<float> target)
    {
        for (int block = 0; block < to.Blocks; block++)
        {
            for (int row = 0; row < to.Height; row++)
            {
                target.Slice((block * to.BlockPitch) + to.Origin + (row * to.RowPitch), to.Width * to.Lanes).Fill(Value);
            }
        }

        CopyInside(from, source, to, target);
    }

    private void CopyInside(FeatureMap from, ReadOnlySpan<float> source, FeatureMap to, Span<float> target)
    {
        bool wholeBlocks = FirstChannel % to.Lanes == 0 && from.Channels % from.Lanes == 0;
        int step = wholeBlocks ? from.Lanes : 1;
        for (int channel = 0; channel < from.Channels; channel += step)
        {
            for (int row = 0; row < from.Height; row++)
            {
                int read = from.Offset(channel, row, 0), write = to.Offset(FirstChannel + channel, FirstRow + row, FirstColumn);
                if (wholeBlocks)
                {
                    source.Slice(read, from.Width * from.Lanes).CopyTo(target[write..]);
                    continue;
                }

                for (int column = 0; column < from.Width; column++)
                {
                    target[write + (column * to.Lanes)] = source[read + (column * from.Lanes)];
                }
            }
        }
    }
}
