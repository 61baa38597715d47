namespace SweepCluster.Orleans.Jobs;

/// <summary>A silo's place in a cluster, for the time of one membership.</summary>
/// <param name="Grains">The cluster's grains.</param>
/// <param name="Silo">The silo's address with the generation that tells it from an earlier silo there.</param>
internal sealed record ClusterSeat(IGrainFactory Grains, string Silo);
