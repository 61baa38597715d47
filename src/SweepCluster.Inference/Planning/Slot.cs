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
    public void NeedMargin(Margin margin) => Map = Map with
    {
        Top = Math.Max(Map.Top, margin.Top),
        Left = Math.Max(Map.Left, margin.Left),
        Bottom = Math.Max(Map.Bottom, margin.Bottom),
        Right = Math.Max(Map.Right, margin.Right),
    };

    /// <summary>A slot for the same value in a place of its own, without a margin.</summary>
    public Slot Copy(int index) => new(index, Name, Map.Channels, Map.Height, Map.Width, Map.Lanes);
}
