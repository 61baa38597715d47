using SweepCluster.Engine.Jobs;

namespace SweepCluster.Engine.Stores.Journal;

/// <summary>One job in memory.</summary>
/// <param name="sequence">Its place.</param>
/// <param name="job">The job.</param>
/// <param name="appended">Completes when the job is on disk.</param>
internal sealed class JobEntry(int sequence, Job job, Task appended)
{
    internal int Sequence { get; } = sequence;

    internal Job Job { get; } = job;

    internal Task Appended { get; } = appended;

    /// <summary>Number of claims so far.</summary>
    internal long Epoch { get; set; }

    /// <summary>Who holds it; null where nobody does.</summary>
    internal string? Silo { get; set; }

    /// <summary>When the lease ends, in the clock's ticks.</summary>
    internal long LeasedUntil { get; set; }

    internal JobResult? Result { get; set; }

    /// <summary>Completes when the result is on disk; null where there is none.</summary>
    internal Task? Durable { get; set; }
}
