using System.Collections.Immutable;

namespace SweepCluster.Server.Api.Contracts;

/// <summary>How far a sweep is: the body of <c>GET /api/v1/sweeps/{id}/progress</c> and of the event <c>progress</c>.</summary>
/// <param name="Phase"><c>running</c>, <c>paused</c>, <c>cancelled</c>, <c>stopped</c> or <c>finished</c>.</param>
/// <param name="Reason">Why it was stopped; null where it was not.</param>
/// <param name="Stage"><c>opening</c>, <c>cells</c>, <c>uniform</c>, <c>mixed</c>, <c>confirming</c> or <c>finished</c>.</param>
/// <param name="Jobs">Jobs proposed so far.</param>
/// <param name="Results">Jobs with a result.</param>
/// <param name="Failures">Results that are failures.</param>
/// <param name="Running">Jobs that some silo holds.</param>
/// <param name="Share">Share of the expected work that is done, 0..1.</param>
/// <param name="SamplesPerSecond">Samples a second since the server began to look.</param>
/// <param name="SecondsLeft">Estimate; null before there is one.</param>
/// <param name="Trials">Trials measured on the choice samples, the uncompressed model's among them.</param>
/// <param name="Best">The best trial so far; null before there is one.</param>
/// <param name="Frontier">The frontier so far, smallest first.</param>
internal sealed record ProgressResource(
    string Phase, string? Reason, string Stage, long Jobs, long Results, long Failures, long Running, double Share, double SamplesPerSecond, double? SecondsLeft, int Trials,
    PointResource? Best, ImmutableArray<PointResource> Frontier)
{
    /// <summary>The objective's metric, in whose unit drops are: shares 0..1 for <c>top1</c>, <c>top5</c> and <c>agreement</c>.</summary>
    public string Metric { get; init; } = string.Empty;

    /// <summary>The largest drop that the spec accepts; null: none stated.</summary>
    public double? MaxDrop { get; init; }

    /// <summary>What the verdict of a finished sweep chose, with its drop on the confirmation samples; null before that, where nothing is proven, and where no accepted drop is stated.</summary>
    public PointResource? Chosen { get; init; }
}
