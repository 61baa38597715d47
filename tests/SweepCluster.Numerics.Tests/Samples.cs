namespace SweepCluster.Numerics.Tests;

/// <summary>Made-up numbers: the same from the same seed.</summary>
internal static class Samples
{
    /// <summary>Floats in -1..1 with full mantissas, so that every rounding shows.</summary>
    public static float[] Floats(long count, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, checked((int)count)).Select(_ => (random.NextSingle() * 2f) - 1f)];
    }

    /// <summary>Small integers, so that sums are exact in float32.</summary>
    public static float[] Integers(long count, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, checked((int)count)).Select(_ => (float)random.Next(-4, 5))];
    }

    /// <summary>Lays plain samples out in a map, margin zero.</summary>
    public static float[] LayOut(FeatureMap map, ReadOnlySpan<float> plain, int samples)
    {
        float[] values = new float[samples * map.SampleLength];
        int at = 0;
        for (int sample = 0; sample < samples; sample++)
        {
            for (int channel = 0; channel < map.Channels; channel++)
            {
                for (int row = 0; row < map.Height; row++)
                {
                    for (int column = 0; column < map.Width; column++)
                    {
                        values[(sample * map.SampleLength) + map.Offset(channel, row, column)] = plain[at++];
                    }
                }
            }
        }

        return values;
    }

    public static int[] Bits(float[] values) => Array.ConvertAll(values, BitConverter.SingleToInt32Bits);
}
