using System.Collections.Immutable;
using SweepCluster.Sweeps.Cells;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Probes;
using SweepCluster.Sweeps.Spaces;
using SweepCluster.Sweeps.Specs;
using SweepCluster.Sweeps.Trials;

namespace SweepCluster.Sweeps.Search;

/// <summary>What a search may look at.</summary>
/// <param name="Spec">The request.</param>
/// <param name="Space">The expanded space.</param>
/// <param name="Cells">Finished cells by layer name and canonical scheme.</param>
/// <param name="Probes">Finished probes by layer name and canonical scheme.</param>
/// <param name="Plans">Every plan proposed so far, in proposal order.</param>
/// <param name="Trials">Finished trials over the choice samples, by plan id.</param>
public sealed record SearchState(
    SweepSpec Spec,
    SweepSpace Space,
    IReadOnlyDictionary<(string Layer, string Scheme), CellResult> Cells,
    IReadOnlyDictionary<(string Layer, string Scheme), ProbeResult> Probes,
    ImmutableArray<Plan> Plans,
    IReadOnlyDictionary<string, TrialResult> Trials);
