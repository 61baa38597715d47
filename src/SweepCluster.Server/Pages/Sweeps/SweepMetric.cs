using System.Runtime.CompilerServices;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Stores;
using SweepCluster.Graphs;
using SweepCluster.Reports.Formatting;

namespace SweepCluster.Server.Pages.Sweeps;

/// <summary>What a sweep's drops are drops of.</summary>
internal static class SweepMetric
{
    private static readonly ConditionalWeakTable<SweepRecord, object> s_known = [];

    private static MetricUnit Usual => MetricUnit.OfBuiltIn("top1");

    /// <summary>The objective's metric; a command's own is shown as it is.</summary>
    internal static MetricUnit Of(SweepRecord sweep) => (MetricUnit)s_known.GetValue(sweep, static record => (object)Read(record));

    private static MetricUnit Read(SweepRecord sweep)
    {
        try
        {
            return Bundles.SpecOf(sweep.Request)?.Objective is not { } objective ? Usual : objective.Command.IsEmpty ? MetricUnit.OfBuiltIn(objective.Metric) : new MetricUnit(objective.Metric, IsShare: false);
        }
        catch (BadInputException)
        {
            return Usual; // a request of another version: its sweep is listed nevertheless
        }
    }
}
