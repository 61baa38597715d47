using SweepCluster.Graphs;

namespace SweepCluster.Compression;

/// <summary>A weight cannot take a scheme. A sweep lists the layer with <see cref="Reason"/> and goes on; a command for one layer ends with the message.</summary>
public sealed class SchemeNotApplicableException : BadInputException
{
    /// <summary>A refusal.</summary>
    /// <param name="weight">Name of the weight.</param>
    /// <param name="scheme">The scheme's canonical text.</param>
    /// <param name="reason">Why, in a few words.</param>
    public SchemeNotApplicableException(string weight, string scheme, string reason)
        : base($"weight '{weight}', scheme {scheme}: {reason}.")
    {
        Reason = reason;
    }

    /// <summary>Why, in a few words, without the names of weight and scheme.</summary>
    public string Reason { get; }
}
