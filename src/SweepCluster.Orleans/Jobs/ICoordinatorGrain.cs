namespace SweepCluster.Orleans.Jobs;

/// <summary>Proposes a sweep's next round on the silo that claimed to do so.</summary>
[Alias("sweep.coordinator-grain")]
public interface ICoordinatorGrain : IJobGrain;
