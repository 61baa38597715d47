using System.Collections.Immutable;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Clusters;

/// <summary>Which silos can take a sweep.</summary>
internal static class Admission
{
    /// <summary>Lines for who hands a sweep in: that nobody is there to take it.</summary>
    internal static ImmutableArray<string> Notices(SweepRecord sweep, ImmutableArray<SiloStatus> silos)
    {
        if (silos.IsEmpty)
        {
            return ["no silo is there; the sweep waits until one is started."];
        }

        return silos.Any(silo => Refusal(sweep, silo.Silo) is null)
            ? []
            : [$"none of the {silos.Length} silos that are there can take it: {string.Join("; ", silos.Select(silo => $"{silo.Silo.Name}: {Refusal(sweep, silo.Silo)}"))}."];
    }

    /// <summary>Why a silo cannot take a sweep; null where it can.</summary>
    internal static string? Refusal(SweepRecord sweep, SiloRecord silo)
    {
        SiloCapacity capacity = silo.Capacity;
        return silo.Version != sweep.Version ? $"it is of version {silo.Version}, the sweep of {sweep.Version}"
            : sweep.Needs.RunsCommand && !capacity.AllowsCommands ? "it runs no commands (--allow-commands)"
            : !capacity.Holds(sweep.Needs) ? $"it has {capacity.MemoryBytes >> 20} MiB of memory, {sweep.Needs.BytesOn(capacity.Slots) >> 20} MiB are needed on its {capacity.Slots} slots"
            : null;
    }
}
