namespace SweepCluster.Server.Api.Contracts;

/// <summary>Something that happened.</summary>
/// <param name="Number">Its place, growing, perhaps with gaps.</param>
/// <param name="At">When.</param>
/// <param name="Kind">What, as <c>siloLost</c>.</param>
/// <param name="Sweep">The sweep that it is about; null for a silo's.</param>
/// <param name="Text">For people.</param>
internal sealed record EventResource(long Number, DateTimeOffset At, string Kind, string? Sweep, string Text);
