using System.Collections.Immutable;

namespace SweepCluster.Server.Api.Contracts;

/// <summary>A file of a request, made of blobs that the server has.</summary>
/// <param name="Path">Its name beside the spec: relative, <c>/</c> between folders, each part of letters, digits, <c>.</c>, <c>_</c>, <c>-</c> and spaces and not beginning with a dot, as <c>model/Net.mlpackage/Manifest.json</c>.</param>
/// <param name="Parts">SHA-256 of each of its parts in order; each at most 16 MiB.</param>
internal sealed record FileResource(string Path, ImmutableArray<string> Parts);
