using SweepCluster.Graphs;

namespace SweepCluster.Sweeps.Evaluation;

/// <summary>A user's own evaluator could not be run here and now: it could not be started, or something ended it from outside. Says nothing of what it measures.</summary>
public sealed class CommandUnavailableException : SweepException
{
    /// <summary>An error with its one-line message.</summary>
    public CommandUnavailableException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <inheritdoc/>
    public override bool IsTransient => true;
}
