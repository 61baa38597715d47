namespace SweepCluster.Graphs;

/// <summary>One input of a graph.</summary>
/// <param name="Info">Name, type and shape as the program declares them.</param>
/// <param name="Image">Set where the model declares the input to be a picture.</param>
public sealed record GraphInput(ValueInfo Info, ImageInput? Image);
