using System.Collections.Immutable;

namespace SweepCluster.Server.Api.Contracts;

/// <summary>A part of a list.</summary>
/// <typeparam name="T">What is listed.</typeparam>
/// <param name="Items">The part.</param>
/// <param name="Next">Value of the query parameter <c>after</c> that gives the next part; null at the end.</param>
internal sealed record Page<T>(ImmutableArray<T> Items, string? Next);
