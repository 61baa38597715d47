using SweepCluster.Numerics;

namespace SweepCluster.Inference.Steps;

/// <summary>A step that computes one row of one channel of one sample at a time, each from its whole sample.</summary>
internal abstract class RowStep : SampleStep
{
    /// <summary>Computes a row.</summary>
    private protected abstract void RunRow(FeatureMap from, ReadOnlySpan<float> source, FeatureMap to, Span<float> target, int channel, int row);

    private protected sealed override void RunSample(FeatureMap from, ReadOnlySpan<float> source, FeatureMap to, Span<float> target)
    {
        for (int channel = 0; channel < to.Channels; channel++)
        {
            for (int row = 0; row < to.Height; row++)
            {
                RunRow(from, source, to, target, channel, row);
            }
        }
    }
}
