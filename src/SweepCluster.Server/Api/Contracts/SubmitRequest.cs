using System.Collections.Immutable;

namespace SweepCluster.Server.Api.Contracts;

/// <summary>A sweep to hand in, or to count beforehand.</summary>
/// <param name="Spec">The spec as YAML, as <c>docs/spec.md</c> has it. Files that it names are those of <paramref name="Files"/>, and none of the server's.</param>
/// <param name="Files">Model, data, labels and given plans.</param>
internal sealed record SubmitRequest(string Spec, ImmutableArray<FileResource> Files)
{
    /// <summary>Name of the spec's file, as <c>quickstart.yaml</c>: messages call it so, and a sweep without a name has its. Default: <c>sweep.yaml</c>.</summary>
    public string? Name { get; init; }

    /// <summary>Settings in place of the spec's, in order, as <c>["samples.choice=500"]</c>: what <c>--set</c> is on the command line.</summary>
    public ImmutableArray<string> Settings { get => field.IsDefault ? [] : field; init; } // the reader gives what is left out its type's default

    /// <summary>Sweeps of a higher priority go first. Default: 0.</summary>
    public int? Priority { get; init; }

    /// <summary>Attempts at a job before it is set aside, 1 or more. Default: 5.</summary>
    public int? Attempts { get; init; }

    /// <summary>Longest time of one attempt at a job. Default: none.</summary>
    public double? TimeLimitSeconds { get; init; }
}
