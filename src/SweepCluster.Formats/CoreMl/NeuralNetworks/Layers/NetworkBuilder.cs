using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks.Layers;

/// <summary>The nodes of a network as they come up, and which value each of the file's names stands for.</summary>
internal sealed class NetworkBuilder
{
    private readonly Dictionary<string, Blob> _blobs = new(StringComparer.Ordinal);
    private readonly UniqueNames _names = new();

    internal List<Node> Nodes { get; } = [];

    /// <summary>What one of the file's names stands for; null where nothing before gives it.</summary>
    internal Blob? Find(string name) => _blobs.GetValueOrDefault(name);

    /// <summary>Lets a name of the file stand for a value; a layer may give a name anew.</summary>
    internal void Define(string name, Blob blob) => _blobs[name] = blob;

    /// <summary>A name that no value has yet.</summary>
    internal string Unique(string name) => _names.Take(name);
}
