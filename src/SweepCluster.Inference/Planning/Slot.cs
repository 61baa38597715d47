using SweepCluster.Numerics;

namespace SweepCluster.Inference.Planning;

/// <summary>One value of the network while it is compiled: what it holds, how it lies in memory, how long it is needed.</summary>
internal sealed class Slot(int index, string name, int channels, int height, int width, int lanes)
{
    /// <summary>Its number.</summary>
    public int Index { get; } = index;

    /// <summary>Name of the value in the graph.</summary>
    public string Name { get; } = name;

    /// <summary>Its map; the margin grows with what its readers need.</summary>
    public FeatureMap Map { get; private set; } = new(channels, height, width, lanes);

    /// <summary>Asks for a margin of zeros of at least this size.</summary>
    public void NeedMargin(int top, int left, int bottom, int right) => Map = Map with
    {
        Top = Math.Max(Map.Top, top),
        Left = Math.Max(Map.Left, left),
        Bottom = Math.Max(Map.Bottom, bottom),
        Right = Math.Max(Map.Right, right),
    };
}
