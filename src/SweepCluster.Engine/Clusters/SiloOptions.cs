using SweepCluster.Engine.Jobs;

namespace SweepCluster.Engine.Clusters;

/// <summary>How a process takes part in a cluster. None of it changes a result.</summary>
public sealed record SiloOptions
{
    /// <summary>Most bytes that the cache keeps unless something else is said: 8 GiB.</summary>
    public const long DefaultCacheBytes = 8L << 30;

    /// <summary>Connection string of the store.</summary>
    public required string Store { get; init; }

    /// <summary>Jobs that run at the same time, each on one thread. Default: the number of processors.</summary>
    public int Slots { get; init; } = Environment.ProcessorCount;

    /// <summary>Memory that one sweep may take, in bytes. Default: what this process may use on this machine.</summary>
    public long MemoryBytes { get; init; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>Folder of blobs that were fetched; may be shared by the silos of a machine. Default: <c>sweepcluster</c> in the user's own cache folder.</summary>
    public string Cache { get; init; } = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify) is { Length: > 0 } folder ? folder : Path.GetTempPath(),
        "sweepcluster", "blobs");

    /// <summary>Most bytes that stay in <see cref="Cache"/>. Default: <see cref="DefaultCacheBytes"/>.</summary>
    public long CacheBytes { get; init; } = DefaultCacheBytes;

    /// <summary>Whether sweeps may run a command of their own on this machine. Default: no.</summary>
    public bool AllowCommands { get; init; }

    /// <summary>The clock, for pauses and progress: leases go by the store's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How long a claim holds unless it is renewed, which is done three times as often. Default: 10 s, so that the work of a silo that died is claimed again within 15 s.</summary>
    internal TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How the loop works.</summary>
    internal JobLoopOptions Loop => new()
    {
        Slots = Slots,
        Lease = Lease,
        Poll = TimeSpan.FromSeconds(2),
        Version = Sessions.SweepModel.Version,
    };
}
