using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Telemetry;

namespace SweepCluster.Engine.Jobs;

/// <summary>How a silo's loop works.</summary>
public sealed record JobLoopOptions
{
    /// <summary>Name of the silo in claims. No two may have the same; default: the machine's, the process's number, and a random part, because containers often have equal ones of both.</summary>
    public string Silo { get; init; } = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid().ToString("N")[..6]}";

    /// <summary>Jobs that run at the same time. Default: the number of processors.</summary>
    public int Slots { get; init; } = Environment.ProcessorCount;

    /// <summary>How long a claim holds; it is renewed at a third of it. Default: 30 seconds.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an idle silo waits for a change before it looks for work again: a lease may have run out, or the news was lost. Default: a lease.</summary>
    public TimeSpan? Poll { get; init; }

    /// <summary>Takes jobs of sweeps of this version of the program alone. Default: of every version.</summary>
    public string? Version { get; init; }

    /// <summary>The folder in which this process keeps what its jobs need for a while. Its path is taken out of failures, which are to read the same whoever had them. Default: null, there is none.</summary>
    public string? Folder { get; init; }

    /// <summary>Results that may be on their way to the store while slots go on. Default: 1024.</summary>
    public int PendingResults { get; init; } = 1024;

    /// <summary>What this silo has: it takes what fits, and shows itself to the store as long as it works. Default: null, a loop that has its store to itself, takes everything and need not be seen.</summary>
    public SiloCapacity? Capacity { get; init; }

    /// <summary>Whether an error that may pass ends an attempt alone, so that the job is tried again, here or elsewhere. Default: no, it ends the loop. Errors of the store end it either way.</summary>
    public bool RetriesErrors { get; init; }

    /// <summary>Where it says what happens to jobs.</summary>
    internal SiloLog Log { get; init; } = SiloLog.None;

    /// <summary>How old a job of another silo is, at least, before an idle silo starts a copy of it. Default: null, it starts none.</summary>
    public TimeSpan? CopyAfter { get; init; }
}
