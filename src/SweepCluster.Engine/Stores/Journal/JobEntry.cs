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

    internal JobResult? Result { get; set; }

    /// <summary>Place among the results, from 1; 0 where there is none.</summary>
    internal int Place { get; set; }

    /// <summary>Completes when the result is on disk; null where there is none.</summary>
    internal Task? Durable { get; set; }
}
