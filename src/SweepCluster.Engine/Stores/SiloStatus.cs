namespace SweepCluster.Engine.Stores;

/// <summary>A silo as the store sees it.</summary>
/// <param name="Silo">What it said of itself.</param>
/// <param name="Joined">When it was seen first, by the store's clock.</param>
/// <param name="Silence">Time since it was seen last.</param>
/// <param name="Leased">Jobs that it holds now.</param>
public sealed record SiloStatus(SiloRecord Silo, DateTimeOffset Joined, TimeSpan Silence, long Leased);
