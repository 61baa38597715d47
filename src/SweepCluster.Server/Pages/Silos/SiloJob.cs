namespace SweepCluster.Server.Pages.Silos;

/// <summary>A job that a silo holds.</summary>
/// <param name="Silo">The silo.</param>
/// <param name="SweepId">The sweep.</param>
/// <param name="SweepName">The sweep's name; null where it is not known any more.</param>
/// <param name="Kind"><c>coordinate</c>, <c>layer</c>, <c>probe</c> or <c>trial</c>.</param>
/// <param name="About">The layer, or the plan's label; null for coordination.</param>
/// <param name="Age">Time since it was claimed.</param>
public sealed record SiloJob(string Silo, string SweepId, string? SweepName, string Kind, string? About, TimeSpan Age)
{
    /// <summary>What the silo does, in a few words.</summary>
    public string Words => (Kind, About) switch
    {
        ("layer", { } layer) => $"makes cells of {layer}",
        ("probe", { } layer) => $"probes {layer}",
        ("trial", { } plan) => $"measures {plan}",
        ("coordinate", _) => "proposes the next round",
        _ => Kind,
    };
}
