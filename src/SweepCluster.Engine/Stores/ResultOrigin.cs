using SweepCluster.Engine.Jobs;

namespace SweepCluster.Engine.Stores;

/// <summary>Where and when a result was computed. No part of the result.</summary>
/// <param name="Sequence">The result's place among the sweep's results.</param>
/// <param name="JobSequence">The job's place among the sweep's jobs.</param>
/// <param name="Kind">What was done.</param>
/// <param name="Key">The job's key.</param>
/// <param name="Silo">The silo that recorded it.</param>
/// <param name="Epoch">The last epoch that was given out for the job.</param>
/// <param name="At">When it was recorded, by the store's clock.</param>
/// <param name="Elapsed">Time from the claim to the record; null where it is not known.</param>
public sealed record ResultOrigin(long Sequence, long JobSequence, JobKind Kind, string Key, string Silo, long Epoch, DateTimeOffset At, TimeSpan? Elapsed);
