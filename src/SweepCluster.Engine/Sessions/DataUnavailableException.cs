using SweepCluster.Graphs;

namespace SweepCluster.Engine.Sessions;

/// <summary>Samples that were there when the sweep was opened cannot be read now: a file is gone, damaged, or on a disk that does not answer. No plan's fault.</summary>
public sealed class DataUnavailableException : SweepException
{
    internal DataUnavailableException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <inheritdoc/>
    public override bool IsTransient => true;
}
