namespace SweepCluster.Orleans.Jobs;

/// <summary>Owns a plan on a silo: measures it over ranges of samples.</summary>
[Alias("sweep.trial-grain")]
public interface ITrialGrain : IJobGrain;
