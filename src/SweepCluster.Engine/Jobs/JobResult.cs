using System.Globalization;

namespace SweepCluster.Engine.Jobs;

/// <summary>What a job came to. A function of the job alone: no silo, no date, no path. One exception: a job that was set aside (<see cref="IsSetAside"/>) tells of its attempts.</summary>
/// <param name="Payload">The result, as JSON on one line; null where the job failed.</param>
/// <param name="Failure">Why it failed, on one line; null where it did not.</param>
public sealed record JobResult(string? Payload, string? Failure)
{
    private const string SetAsideStart = "set aside after ";

    /// <summary>Whether the job has no result of its own: attempt after attempt ended without one, so that the last error stands in its place.</summary>
    public bool IsSetAside => Failure?.StartsWith(SetAsideStart, StringComparison.Ordinal) == true;

    /// <summary>A result.</summary>
    public static JobResult Of(string payload) => new(payload, null);

    /// <summary>A failure that would happen again on every silo.</summary>
    public static JobResult Failed(string failure) => new(null, failure);

    /// <summary>The end of a job whose attempts all ended without a result.</summary>
    /// <param name="attempts">How many.</param>
    /// <param name="lastError">How the last of them ended, on one line; null where nobody knows.</param>
    public static JobResult SetAside(int attempts, string? lastError) => new(
        null, string.Create(CultureInfo.InvariantCulture, $"{SetAsideStart}{attempts} attempts without a result{(lastError is null ? "" : $"; the last: {lastError}")}"));

    /// <summary>Whether two attempts at one job cannot both be right. A job that was set aside contradicts nothing: an attempt that was late may still come to a result, and the attempts may be told otherwise.</summary>
    public bool Contradicts(JobResult other) => this != other && !IsSetAside && !other.IsSetAside;
}
