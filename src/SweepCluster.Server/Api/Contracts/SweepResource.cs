namespace SweepCluster.Server.Api.Contracts;

/// <summary>A sweep in a list.</summary>
/// <param name="Id">Its id: hexadecimal digits.</param>
/// <param name="Name">Its name.</param>
/// <param name="Phase"><c>running</c>, <c>paused</c>, <c>cancelled</c>, <c>stopped</c> or <c>finished</c>.</param>
/// <param name="Reason">Why it was stopped; null where it was not.</param>
/// <param name="Jobs">Jobs proposed so far.</param>
/// <param name="Results">Jobs with a result.</param>
/// <param name="Running">Jobs that some silo holds.</param>
/// <param name="Failures">Results that are failures.</param>
/// <param name="Priority">Sweeps of a higher priority go first.</param>
/// <param name="Attempts">Attempts at a job before it is set aside.</param>
/// <param name="TimeLimitSeconds">Longest time of one attempt; null: none.</param>
/// <param name="Version">Version of the program that it belongs to.</param>
/// <param name="ModelHash">SHA-256 of the model's files.</param>
/// <param name="DataHash">SHA-256 of the data's content; null where a command measures.</param>
/// <param name="Submitted">When it was handed in; null where the store does not know.</param>
internal sealed record SweepResource(
    string Id, string Name, string Phase, string? Reason, long Jobs, long Results, long Running, long Failures, int Priority, int Attempts, double? TimeLimitSeconds,
    string Version, string ModelHash, string? DataHash, DateTimeOffset? Submitted)
{
    /// <summary>Why nobody takes its jobs, though it runs: no silo is there, or none that is of its version or has room for it. Null: somebody does or can.</summary>
    public string? Waits { get; init; }
}
