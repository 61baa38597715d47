using Orleans.Placement;

namespace SweepCluster.Orleans.Silos;

/// <summary>Places a grain on the silo that its key names.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OnItsSiloAttribute() : PlacementAttribute(new OnItsSiloPlacement());
