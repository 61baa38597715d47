namespace SweepCluster.Graphs;

/// <summary>Base of every error that is not a caller's mistake: bad data, conflicts, lost services. The message says where, what was found and what was expected.</summary>
public abstract class SweepException : Exception
{
    /// <summary>An error with its one-line message.</summary>
    protected SweepException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>Whether the same call may succeed later. This alone decides on a retry.</summary>
    public virtual bool IsTransient => false;
}
