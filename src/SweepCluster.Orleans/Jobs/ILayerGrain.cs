namespace SweepCluster.Orleans.Jobs;

/// <summary>Owns a weight on a silo: makes its cells, and probes them.</summary>
[Alias("sweep.layer-grain")]
public interface ILayerGrain : IJobGrain;
