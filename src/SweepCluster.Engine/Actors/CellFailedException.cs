using SweepCluster.Graphs;

namespace SweepCluster.Engine.Actors;

/// <summary>A plan needs a cell that could not be made.</summary>
internal sealed class CellFailedException(string message) : SweepException(message);
