namespace SweepCluster.Orleans.Silos;

/// <summary>Speaks for one silo. Key: its address in the cluster, on which it is placed.</summary>
[Alias("sweep.silo-grain")]
public interface ISiloGrain : IGrainWithStringKey
{
    /// <summary>What the silo is at.</summary>
    [Alias("look")]
    Task<SiloView> LookAsync();

    /// <summary>Asks the silo's jobs of a sweep to stop at once. They are given back; whether somebody takes them up again is the store's to say.</summary>
    /// <returns>How many.</returns>
    [Alias("stop")]
    Task<int> StopAsync(string sweepId);
}
