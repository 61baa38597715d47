using SweepCluster.Graphs;

namespace SweepCluster.Engine.Runs;

/// <summary>The uncompressed model could not be measured (it gives NaN, the user's command fails), so that nothing can be compared with it.</summary>
public sealed class BaselineFailedException : SweepException
{
    internal BaselineFailedException(string message)
        : base(message)
    {
    }
}
