using SweepCluster.Graphs;

namespace SweepCluster.Engine.Stores;

/// <summary>Two attempts at one job came to different results. Results are functions of their jobs, so this is a defect of the program or of a machine; the first result stands.</summary>
public sealed class ResultConflictException : SweepException
{
    internal ResultConflictException(string message)
        : base(message)
    {
    }
}
