using SweepCluster.Engine.Jobs;

namespace SweepCluster.Engine.Runs;

/// <summary>One recorded job, as <c>timings.json</c> has it.</summary>
/// <param name="Kind">What was done.</param>
/// <param name="Key">The job's key.</param>
/// <param name="Job">The job's place among the sweep's jobs.</param>
/// <param name="Seconds">What it took; null where a silo elsewhere did not tell.</param>
/// <param name="Silo">Who did it.</param>
/// <param name="Attempt">The epoch of its claim.</param>
/// <param name="Finished">When, UTC in round-trip form: texts sort as times do.</param>
/// <param name="TakenOver">Measurements that it took over from earlier sweeps; null where a silo elsewhere did not tell.</param>
internal sealed record Timing(JobKind Kind, string Key, long Job, double? Seconds, string Silo, long Attempt, string Finished, int? TakenOver);
