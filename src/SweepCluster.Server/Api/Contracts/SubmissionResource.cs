using System.Collections.Immutable;

namespace SweepCluster.Server.Api.Contracts;

/// <summary>What became of a sweep that was handed in.</summary>
/// <param name="Sweep">The sweep.</param>
/// <param name="IsNew">False: it was there already, and stays as it is.</param>
/// <param name="Notices">Things a person should know: no silo that is there can take it.</param>
internal sealed record SubmissionResource(SweepResource Sweep, bool IsNew, ImmutableArray<string> Notices);
