using SweepCluster.Sweeps.Plans;

namespace SweepCluster.Sweeps.Specs.CoreMlTools;

/// <summary>The plan of a configuration, and why weights that it could compress are not in it.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Skipped">Section and key that leave a weight alone, by its name; <c>global_config</c> where nothing names it.</param>
/// <param name="Thresholds">Thresholds that a weight is not above, by its name.</param>
internal sealed record ConfiguredPlan(Plan Plan, IReadOnlyDictionary<string, string> Skipped, IReadOnlyDictionary<string, long> Thresholds);
