namespace SweepCluster.Server.Api.Contracts;

/// <summary>No other event follows: the body of the event <c>end</c>.</summary>
/// <param name="Phase"><c>finished</c>, <c>cancelled</c>, <c>stopped</c> or <c>removed</c>.</param>
/// <param name="Reason">Why it was stopped; null where it was not.</param>
internal sealed record EndResource(string Phase, string? Reason);
