namespace SweepCluster.Engine.Stores;

/// <summary>A silo as it presents itself to a store.</summary>
/// <param name="Name">Its name in claims; no two silos have the same.</param>
/// <param name="Version">Version of its program.</param>
/// <param name="Capacity">What it has.</param>
public sealed record SiloRecord(string Name, string Version, SiloCapacity Capacity);
