using System.Runtime.CompilerServices;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Stores;
using SweepCluster.Graphs;
using SweepCluster.Reports.Formatting;
using SweepCluster.Sweeps.Specs;

namespace SweepCluster.Server.Pages.Sweeps;

/// <summary>What a sweep's drops are drops of.</summary>
internal static class SweepMetric
{
    private static readonly ConditionalWeakTable<SweepRecord, object> s_known = [];

    /// <summary>The objective's metric; a command's own is shown as it is.</summary>
    internal static MetricUnit Of(SweepRecord sweep) => (MetricUnit)s_known.GetValue(sweep, static record => (object)Read(record));

    private static MetricUnit Read(SweepRecord sweep)
    {
        try
        {
            ObjectiveSpec objective = Bundles.SpecOf(sweep.Request).Objective;
            return objective.Command.IsEmpty ? MetricUnit.OfBuiltIn(objective.Metric) : new MetricUnit(objective.Metric, IsShare: false);
        }
        catch (BadInputException)
        {
            return MetricUnit.OfBuiltIn("top1"); // a request of another version: its sweep is listed nevertheless
        }
    }
}
