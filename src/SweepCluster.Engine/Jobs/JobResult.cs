namespace SweepCluster.Engine.Jobs;

/// <summary>What a job came to. A function of the job alone: no silo, no date, no path.</summary>
/// <param name="Payload">The result, as JSON on one line; null where the job failed.</param>
/// <param name="Failure">Why it failed, on one line; null where it did not.</param>
public sealed record JobResult(string? Payload, string? Failure)
{
    /// <summary>A result.</summary>
    public static JobResult Of(string payload) => new(payload, null);

    /// <summary>A failure that would happen again on every silo.</summary>
    public static JobResult Failed(string failure) => new(null, failure);
}
