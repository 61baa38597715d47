using System.Collections.Immutable;

namespace SweepCluster.Server.Pages.Sweeps;

/// <summary>A page of the list of sweeps.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="Page">Its number, from 1.</param>
/// <param name="Pages">Number of pages, at least 1.</param>
/// <param name="Found">Sweeps that the search finds.</param>
/// <param name="Total">Sweeps of the store.</param>
/// <param name="Running">Sweeps that run.</param>
/// <param name="Silos">Silos that are there.</param>
public sealed record SweepListView(ImmutableArray<SweepRow> Rows, int Page, int Pages, int Found, int Total, int Running, int Silos)
{
    /// <summary>What was searched for; empty: nothing.</summary>
    public string Search { get; init; } = "";
}
