using Orleans.Concurrency;
using Orleans.Placement;

namespace SweepCluster.Orleans.Jobs;

/// <inheritdoc cref="ILayerGrain"/>
[PreferLocalPlacement, Reentrant]
internal sealed class LayerGrain(SiloWork work, TimeProvider time) : JobGrain(work, time), ILayerGrain;
