using System.Collections.Immutable;

namespace SweepCluster.Engine.Stores;

/// <summary>Which sweeps a silo takes jobs of.</summary>
/// <param name="SweepId">This one alone; null: every sweep.</param>
/// <param name="Version">Sweeps of this version of the program alone; null: of every version.</param>
/// <param name="Except">Not these, whatever else is said.</param>
public sealed record ClaimFilter(string? SweepId, string? Version, ImmutableHashSet<string> Except)
{
    /// <summary>Every sweep.</summary>
    public static ClaimFilter Any { get; } = new(null, null, []);

    /// <summary>Sweeps that fit into this alone; null: whatever they need.</summary>
    public SiloCapacity? Capacity { get; init; }

    /// <summary>Whether jobs of a sweep may be taken, as far as the sweep itself says: its phase is the store's to look at.</summary>
    public bool Admits(SweepRecord sweep) =>
        (SweepId is null || SweepId == sweep.Id) && (Version is null || Version == sweep.Version) && !Except.Contains(sweep.Id) && (Capacity is null || Capacity.Holds(sweep.Needs));
}
