using System.Collections.Immutable;

namespace SweepCluster.Server.Api.Problems;

/// <summary>Why a request was not done: RFC 9457, media type <c>application/problem+json</c>.</summary>
/// <param name="Type">What kind of problem: a stable relative address, explained in <c>docs/api.md</c>.</param>
/// <param name="Title">The kind in words.</param>
/// <param name="Status">The status code of the answer.</param>
/// <param name="Detail">On one line: where, what was found, what was expected.</param>
internal sealed record ProblemResource(string Type, string Title, int Status, string Detail)
{
    /// <summary>Every fault where there are several, one line each; empty where <see cref="Detail"/> says all.</summary>
    public ImmutableArray<string> Faults { get => field.IsDefault ? [] : field; init; } // the reader gives what is left out its type's default

    /// <summary>Parts of files that the server does not have, at most 1,000 of them; empty where that is not the problem.</summary>
    public ImmutableArray<string> Missing { get => field.IsDefault ? [] : field; init; }
}
