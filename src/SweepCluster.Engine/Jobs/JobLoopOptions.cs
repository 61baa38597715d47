namespace SweepCluster.Engine.Jobs;

/// <summary>How a silo's loop works.</summary>
public sealed record JobLoopOptions
{
    /// <summary>Name of the silo in claims.</summary>
    public string Silo { get; init; } = $"{Environment.MachineName}/{Environment.ProcessId}";

    /// <summary>Jobs that run at the same time. Default: the number of processors.</summary>
    public int Slots { get; init; } = Environment.ProcessorCount;

    /// <summary>How long a claim holds; it is renewed at a third of it. Default: 30 seconds.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an idle slot waits for a change before it looks for work again: a lease may have run out, or the news was lost. Default: a lease.</summary>
    public TimeSpan? Poll { get; init; }

    /// <summary>Takes jobs of sweeps of this version of the program alone. Default: of every version.</summary>
    public string? Version { get; init; }

    /// <summary>Results that may be on their way to the store while slots go on. Default: 1024.</summary>
    public int PendingResults { get; init; } = 1024;
}
