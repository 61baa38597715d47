namespace SweepCluster.Orleans.Silos;

/// <summary>The placement of grains that speak for a silo.</summary>
internal sealed class OnItsSiloPlacement : PlacementStrategy;
