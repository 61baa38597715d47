namespace SweepCluster.Inference.Steps;

/// <summary>Takes its mean from each group of elements and divides by its deviation, or divides by its length alone. Sums run in float64, in row-major order.</summary>
internal sealed class NormalizeStep : GroupStep
{
    /// <summary>Whether the mean is taken away.</summary>
    public required bool Center { get; init; }

    /// <summary>Whether the group is divided: by the root of its mean square where it is centred, else of its sum of squares.</summary>
    public required bool Scale { get; init; }

    /// <summary>Added under the root.</summary>
    public required float Epsilon { get; init; }

    protected override void RunSample(ReadOnlySpan<float> source, Span<float> target)
    {
        foreach (int start in Starts)
        {
            double mean = 0, squares = 0;
            foreach (int offset in Offsets)
            {
                mean += source[start + offset];
            }

            mean = Center ? mean / Offsets.Length : 0;
            foreach (int offset in Offsets)
            {
                double distance = source[start + offset] - mean;
                squares += distance * distance;
            }

            double scale = Scale ? 1 / Math.Sqrt((Center ? squares / Offsets.Length : squares) + Epsilon) : 1;
            foreach (int offset in Offsets)
            {
                target[start + offset] = (float)((source[start + offset] - mean) * scale);
            }
        }
    }
}
