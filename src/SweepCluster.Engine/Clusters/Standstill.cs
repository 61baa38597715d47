using System.Collections.Immutable;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Clusters;

/// <summary>Says why a sweep waits that somebody believes to be running.</summary>
public static class Standstill
{
    private const int MostReasons = 3;

    /// <summary>Why nobody takes a sweep's jobs.</summary>
    /// <param name="sweep">The sweep and its counts.</param>
    /// <param name="silos">The silos that are there.</param>
    /// <returns>A text without a stop at its end; null where somebody is at it or can take it, and where it does not run.</returns>
    public static string? Of(SweepListing sweep, ImmutableArray<SiloStatus> silos)
    {
        if (!MayStand(sweep))
        {
            return null;
        }

        string version = sweep.Record.Version;
        ImmutableArray<Admission> admissions = Admission.Of(sweep.Record.Needs, version, silos);
        if (admissions.IsEmpty || admissions.Any(admission => admission.Refusal is null))
        {
            return admissions.IsEmpty ? "no silo is there" : null;
        }

        string[] others = [.. silos.Select(silo => silo.Silo.Version).Distinct().Order(StringComparer.Ordinal)];
        return others.Contains(version)
            ? $"none of the silos that are there ({silos.Length}) can take it: {Reasons(admissions)}"
            : $"it is of version {version}, and none of the silos that are there ({silos.Length}) is: they are of {string.Join(", ", others)}; start a silo of {version}, or hand its spec in again with a program of their version";
    }

    /// <summary>The same sweeps, each with why it waits, if it does.</summary>
    internal static async Task<ImmutableArray<SweepListing>> TellAsync(ISweepStore store, ImmutableArray<SweepListing> sweeps, CancellationToken cancellationToken)
    {
        if (!sweeps.Any(MayStand))
        {
            return sweeps;
        }

        ImmutableArray<SiloStatus> silos = await store.ListSilosAsync(cancellationToken);
        return [.. sweeps.Select(sweep => sweep with { Waits = Of(sweep, silos) })];
    }

    private static bool MayStand(SweepListing sweep) => sweep.IsRunning && sweep.Status.Leased == 0;

    private static string Reasons(ImmutableArray<Admission> admissions) =>
        string.Join("; ", admissions.Take(MostReasons).Select(admission => $"{admission.Silo.Silo.Name}: {admission.Refusal}")) + (admissions.Length > MostReasons ? "; .." : string.Empty);
}
