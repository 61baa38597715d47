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

    /// <summary>Results that may be on their way to the store while slots go on. Default: 1024.</summary>
    public int PendingResults { get; init; } = 1024;
}
