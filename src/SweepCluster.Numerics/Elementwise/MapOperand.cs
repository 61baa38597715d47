namespace SweepCluster.Numerics.Elementwise;

/// <summary>One side of an operation on maps.</summary>
/// <param name="map">Its map: the output's channels; its height and width, or one row and one column that stand for all.</param>
/// <param name="values">Its values.</param>
/// <param name="shared">Whether one sample stands for all.</param>
public readonly ref struct MapOperand(FeatureMap map, ReadOnlySpan<float> values, bool shared = false)
{
    /// <summary>Its map.</summary>
    public FeatureMap Map { get; } = map;

    /// <summary>Its values.</summary>
    public ReadOnlySpan<float> Values { get; } = values;

    /// <summary>Whether one sample stands for all.</summary>
    public bool IsShared { get; } = shared;

    internal int SampleStep => IsShared ? 0 : Map.SampleLength;

    // One row and column against a larger output: the same channel values everywhere.
    internal bool IsBroadcastTo(FeatureMap output) => Map.Height == 1 && Map.Width == 1 && (output.Height > 1 || output.Width > 1);

    internal void Check(FeatureMap output, int samples, string parameter)
    {
        Map.Check(Values.Length, IsShared ? Math.Min(samples, 1) : samples, parameter);
        bool fits = Map.Channels == output.Channels && Map.Lanes == output.Lanes
            && ((Map.Height == output.Height && Map.Width == output.Width) || (Map.Height == 1 && Map.Width == 1));
        if (!fits)
        {
            throw new ArgumentException($"{Map} does not fit an output {output}.", parameter);
        }
    }
}
