using SweepCluster.Engine.Jobs;

namespace SweepCluster.Engine.Stores;

/// <summary>A job that one silo holds for the time of a lease.</summary>
/// <param name="SweepId">The sweep.</param>
/// <param name="Sequence">The job's place in it.</param>
/// <param name="Job">The job.</param>
/// <param name="Epoch">1 for the first claim of this job, one more for each later one. Fences: only the holder of the newest epoch can renew or release.</param>
/// <param name="Silo">Who holds it.</param>
public sealed record Claim(string SweepId, long Sequence, Job Job, long Epoch, string Silo)
{
    /// <summary>The <see cref="LastError"/> of an attempt whose lease ran out. It names no silo, for it may become part of a result; the event does.</summary>
    public const string SiloLost = "its silo was lost";

    /// <summary>Which life of the sweep the job is of: a sweep that was removed and handed in again has the same id and another life.</summary>
    public long Life { get; init; }

    /// <summary>Attempts at this job that ended without a result before this one.</summary>
    public int Attempts { get; init; }

    /// <summary>How the last of them ended, on one line; null where there was none.</summary>
    public string? LastError { get; init; }

    /// <summary>The sweep's <see cref="SweepControl.MaxAttempts"/> when this was claimed.</summary>
    public int MaxAttempts { get; init; } = SweepControl.Default.MaxAttempts;

    /// <summary>The sweep's <see cref="SweepControl.TimeLimit"/> when this was claimed.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>Whether another silo is at the same job, late, and may yet be first.</summary>
    public bool IsCopy { get; init; }
}
