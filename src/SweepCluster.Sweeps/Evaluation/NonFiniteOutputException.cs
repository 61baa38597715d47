using SweepCluster.Graphs;

namespace SweepCluster.Sweeps.Evaluation;

/// <summary>A model gave NaN or an infinity, so that nothing can be said of the sample.</summary>
public sealed class NonFiniteOutputException : SweepException
{
    /// <summary>An error with its one-line message.</summary>
    public NonFiniteOutputException(string message)
        : base(message)
    {
    }
}
