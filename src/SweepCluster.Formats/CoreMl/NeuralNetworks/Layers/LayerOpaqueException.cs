namespace SweepCluster.Formats.CoreMl.NeuralNetworks.Layers;

/// <summary>A layer says something that the graph's operations do not have, or too little; it stays one operation of its own kind.</summary>
internal sealed class LayerOpaqueException : Exception;
