using SweepCluster.Formats.CoreMl.Protos;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks;

/// <summary>A neural network whose weights are read, ready to become nodes.</summary>
/// <param name="Model">The model, with its description.</param>
/// <param name="Network">The network.</param>
/// <param name="Place">Where it stands, for messages: file and stage.</param>
/// <param name="Weights">Its weights by layer.</param>
internal sealed record NetworkStage(Model Model, NetworkView Network, string Place, LayerWeights Weights);
