namespace SweepCluster.Server.Pages.Submit;

/// <summary>A model, or data, of an earlier sweep.</summary>
/// <param name="Sweep">Id of the sweep.</param>
/// <param name="Name">The file's name, and the sweep's.</param>
public sealed record KnownFiles(string Sweep, string Name);
