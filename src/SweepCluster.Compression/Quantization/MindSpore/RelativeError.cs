namespace SweepCluster.Compression.Quantization.MindSpore;

/// <summary>The mean relative error by which MindSpore Lite's benchmark judges a tensor, here of the decoded weight against its source.</summary>
/// <remarks>
/// Over the elements that differ by more than 1e-8 + 1e-5 |w|: <c>|w' - w| / |w|</c>; where |w| is below 2^-23 the difference itself, and only above 1e-5. Elements that differ by less do not count in
/// the mean. Source: CompareData in mindspore-lite/tools/benchmark/benchmark_base.h. Sums in float64, in index order.
/// </remarks>
internal static class RelativeError
{
    private const float Absolute = 1e-8f;
    private const float Relative = 1e-5f;
    private const float Epsilon = 1.1920929e-7f; // 2^-23
    private const float LeastNormal = 1.17549435e-38f;

    internal static double Mean(ReadOnlySpan<float> source, ReadOnlySpan<float> decoded)
    {
        double sum = 0;
        long count = 0;
        for (int i = 0; i < source.Length; i++)
        {
            float magnitude = Math.Abs(source[i]), difference = Math.Abs(decoded[i] - source[i]);
            bool isSmall = magnitude < Epsilon;
            if (difference > Absolute + (Relative * magnitude) && (!isSmall || difference > Relative))
            {
                sum += isSmall ? difference : difference / (magnitude + LeastNormal);
                count++;
            }
        }

        return count == 0 ? 0 : sum / count;
    }
}
