using SweepCluster.Graphs;

namespace SweepCluster.Engine.Clusters;

/// <summary>What was asked for can be asked for, but not as things stand: the sweep is finished, runs, or was cancelled. Nothing was changed.</summary>
public sealed class WrongPhaseException : SweepException
{
    internal WrongPhaseException(string message)
        : base(message)
    {
    }
}
