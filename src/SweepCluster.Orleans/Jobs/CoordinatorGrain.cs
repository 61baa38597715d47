using Orleans.Concurrency;
using Orleans.Placement;

namespace SweepCluster.Orleans.Jobs;

/// <inheritdoc cref="ICoordinatorGrain"/>
[PreferLocalPlacement, Reentrant]
internal sealed class CoordinatorGrain(SiloWork work, TimeProvider time) : JobGrain(work, time), ICoordinatorGrain;
