using System.Collections.Immutable;
using SweepCluster.Graphs;

namespace SweepCluster.Server.Api.Problems;

/// <summary>A request cannot be done; becomes its answer.</summary>
internal sealed class ProblemException(ProblemKind kind, string detail) : BadInputException(detail)
{
    /// <summary>What kind of problem.</summary>
    internal ProblemKind Kind { get; } = kind;

    /// <inheritdoc cref="ProblemResource.Missing"/>
    internal ImmutableArray<string> Missing { get; init; } = [];
}
