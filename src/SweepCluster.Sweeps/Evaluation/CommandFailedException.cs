using SweepCluster.Graphs;

namespace SweepCluster.Sweeps.Evaluation;

/// <summary>A user's own evaluator took too long, failed, or printed what cannot be used: it would again.</summary>
public sealed class CommandFailedException : SweepException
{
    /// <summary>An error with its one-line message.</summary>
    public CommandFailedException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
