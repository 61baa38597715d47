using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Telemetry;

namespace SweepCluster.Engine.Clusters;

/// <summary>How a process takes part in a cluster. None of it changes a result.</summary>
public sealed record SiloOptions
{
    /// <summary>Most bytes that the cache keeps unless something else is said: 8 GiB.</summary>
    public const long DefaultCacheBytes = 8L << 30;

    /// <summary>Connection string of the store.</summary>
    public required string Store { get; init; }

    /// <summary>Its name among the silos. Default: the machine's, the process's number, and a random part.</summary>
    public string Name { get; init; } = new JobLoopOptions().Silo;

    /// <summary>Jobs that run at the same time, each on one thread. Default: the number of processors.</summary>
    public int Slots { get; init; } = Environment.ProcessorCount;

    /// <summary>Memory that all sweeps that are open here may take together, in bytes; one that does not fit alone is left to other silos. Default: what this process may use on this machine.</summary>
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

    /// <summary>Where it logs. Default: nowhere; then notices tell what an operator must know.</summary>
    public ILoggerFactory Logs { get; init; } = NullLoggerFactory.Instance;

    /// <summary>How long a claim holds unless it is renewed, which is done three times as often. Default: 10 s, so that the work of a silo that died is claimed again within 12 s by others, which look every 2 s; after a restart of the database within 10 s more.</summary>
    internal TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How old a job of another silo is, at least, before this one, when it has nothing else to do, starts a copy of it. Default: 30 seconds.</summary>
    public TimeSpan CopyAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Stands in front of the store that the silo works on, as whoever tells of its health does. Default: nothing.</summary>
    internal Func<ISweepStore, ISweepStore> Front { get; init; } = static store => store;

    /// <summary>How the loop works.</summary>
    internal JobLoopOptions Loop => new()
    {
        Silo = Name,
        Slots = Slots,
        Lease = Lease,
        Poll = TimeSpan.FromSeconds(2),
        Version = Sessions.SweepModel.Version,
        Capacity = new SiloCapacity(Slots, MemoryBytes, AllowCommands),
        RetriesErrors = true,
        CopyAfter = CopyAfter,
        Log = SiloLog.Of(Logs),
    };
}
