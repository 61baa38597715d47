using System.Collections.Immutable;
using SweepCluster.Graphs;

namespace SweepCluster.Server.Clients;

/// <summary>A server does not have parts of files that were sent to it, or not any more.</summary>
/// <param name="message">What it says.</param>
/// <param name="missing">The parts, as far as it names them.</param>
internal sealed class PartsMissingException(string message, ImmutableArray<string> missing) : BadInputException(message)
{
    /// <summary>The parts, as far as the server names them.</summary>
    internal ImmutableArray<string> Missing { get; } = missing;
}
