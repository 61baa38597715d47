using SweepCluster.Engine.Jobs;

namespace SweepCluster.Engine.Stores;

/// <summary>A job that one silo holds for the time of a lease.</summary>
/// <param name="SweepId">The sweep.</param>
/// <param name="Sequence">The job's place in it.</param>
/// <param name="Job">The job.</param>
/// <param name="Epoch">1 for the first claim of this job, one more for each later one. Fences: only the holder of the newest epoch can renew or release.</param>
/// <param name="Silo">Who holds it.</param>
public sealed record Claim(string SweepId, long Sequence, Job Job, long Epoch, string Silo);
