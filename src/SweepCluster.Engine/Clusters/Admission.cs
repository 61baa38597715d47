using System.Collections.Immutable;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Clusters;

/// <summary>Whether a silo that is there can take a sweep.</summary>
/// <param name="Silo">The silo.</param>
/// <param name="Refusal">Why it cannot; null where it can.</param>
public sealed record Admission(SiloStatus Silo, string? Refusal)
{
    /// <summary>Looks at each silo.</summary>
    internal static ImmutableArray<Admission> Of(SweepNeeds needs, string version, ImmutableArray<SiloStatus> silos) =>
        [.. silos.Select(silo => new Admission(silo, Refuse(needs, version, silo.Silo)))];

    /// <summary>A line for who hands a sweep in while nobody is there to take it; none where somebody is.</summary>
    public static ImmutableArray<string> Notices(ImmutableArray<Admission> admissions) =>
        admissions.IsEmpty ? ["no silo is there; the sweep waits until one is started."]
        : admissions.Any(admission => admission.Refusal is null) ? []
        : [$"none of the silos that are there ({admissions.Length}) can take it: {string.Join("; ", admissions.Select(admission => $"{admission.Silo.Silo.Name}: {admission.Refusal}"))}."];

    private static string? Refuse(SweepNeeds needs, string version, SiloRecord silo)
    {
        SiloCapacity capacity = silo.Capacity;
        return silo.Version != version ? $"it is of version {silo.Version}, the sweep of {version}"
            : needs.RunsCommand && !capacity.AllowsCommands ? "it runs no commands (--allow-commands)"
            : !capacity.Holds(needs) ? $"{needs.BytesOn(capacity.Slots) >> 20} MiB of memory are needed on its {capacity.Slots} slots, it has {capacity.MemoryBytes >> 20} MiB"
            : null;
    }
}
