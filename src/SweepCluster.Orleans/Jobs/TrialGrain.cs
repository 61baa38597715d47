using Orleans.Concurrency;
using Orleans.Placement;

namespace SweepCluster.Orleans.Jobs;

/// <inheritdoc cref="ITrialGrain"/>
[PreferLocalPlacement, Reentrant]
internal sealed class TrialGrain(SiloWork work, TimeProvider time) : JobGrain(work, time), ITrialGrain;
