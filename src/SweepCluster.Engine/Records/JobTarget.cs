using SweepCluster.Engine.Jobs;

namespace SweepCluster.Engine.Records;

/// <summary>Where the result of a job goes.</summary>
/// <param name="Kind">What the job does.</param>
/// <param name="IsConfirmation">For a trial: over the confirmation samples.</param>
/// <param name="Entry">Place of the entry among those of its kind.</param>
/// <param name="Part">Which part of it.</param>
internal readonly record struct JobTarget(JobKind Kind, bool IsConfirmation, int Entry, int Part);
