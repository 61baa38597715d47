using SweepCluster.Numerics.Elementwise;

namespace SweepCluster.Inference.Steps;

/// <summary>Softmax over each group of elements.</summary>
internal sealed class SoftmaxStep : GroupStep
{
    protected override void RunSample(ReadOnlySpan<float> source, Span<float> target)
    {
        if (Starts.Length == 1)
        {
            DeterministicMath.Softmax(source, target);
            return;
        }

        foreach (int start in Starts)
        {
            DeterministicMath.Softmax(source, target, start, Offsets);
        }
    }
}
