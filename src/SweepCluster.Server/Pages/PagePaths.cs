namespace SweepCluster.Server.Pages;

/// <summary>Where the pages are.</summary>
internal static class PagePaths
{
    internal const string Sweeps = "/";
    internal const string Sweep = "/sweeps/{id}";
    internal const string Silos = "/silos";
    internal const string Events = "/events";
    internal const string Submit = "/submit";
    internal const string Assets = "/assets";

    /// <summary>Before a page's address: its server-sent events.</summary>
    internal const string Live = "/live";

    /// <summary>A sweep's page.</summary>
    internal static string Of(string sweepId) => "/sweeps/" + Uri.EscapeDataString(sweepId);

    /// <summary>What a form on a sweep's page does.</summary>
    internal static string Action(string sweepId, string action) => $"{Of(sweepId)}/{action}";
}
