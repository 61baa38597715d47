namespace SweepCluster.Graphs;

/// <summary>A picture that a model takes: raw values 0..255 in planes.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Colors">Order of the planes.</param>
public sealed record ImageInput(int Width, int Height, ColorOrder Colors);
