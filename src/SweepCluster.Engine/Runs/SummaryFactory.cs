using SweepCluster.Engine.Records;
using SweepCluster.Engine.Sessions;
using SweepCluster.Engine.Stores;
using SweepCluster.Sweeps.Specs;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Engine.Runs;

/// <summary>Builds a sweep's summary from its model and its records.</summary>
internal static class SummaryFactory
{
    internal static SweepSummary Build(SweepModel model, SweepRecord sweep, SweepRecords records)
    {
        SweepSpec spec = model.Spec;
        bool samples = spec.Objective.Command.IsEmpty;
        Provenance provenance = new(
            sweep.Version, NameOf(spec.Model), sweep.ModelHash, model.Graph.FormatDescription, model.Target.Name,
            samples && spec.Data is not null ? NameOf(spec.Data.Path) : null, sweep.DataHash, spec.Seed,
            samples ? spec.Samples.Probe : 0, samples ? spec.Samples.Choice : 0, samples ? spec.Samples.Confirm : 0, sweep.Spec);
        return SummaryBuilder.Build(records.ToState(), records.Confirmations(), provenance, model.Notices);
    }

    private static string NameOf(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(path));
}
