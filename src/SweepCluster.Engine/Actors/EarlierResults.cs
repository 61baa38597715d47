using System.Collections.Concurrent;
using System.Collections.Immutable;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Records;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Actors;

/// <summary>What earlier sweeps measured about the subjects of this one's jobs. It is taken over instead of computed: results are functions of their subjects, so the bytes are the same.</summary>
internal sealed class EarlierResults(SweepRecords records)
{
    private readonly ConcurrentDictionary<string, int> _takenOver = new(StringComparer.Ordinal);

    /// <summary>Jobs that were noted and not collected.</summary>
    internal int Count => _takenOver.Count;

    /// <summary>Results without failure about a job's subject.</summary>
    internal Task<ImmutableArray<RecordedResult>> FindAsync(Job job, CancellationToken cancellationToken) => records.FindEarlierAsync(job.Subject, cancellationToken);

    /// <summary>Notes how many cells, probed cells or trials a job took over.</summary>
    internal void Note(Job job, int measurements)
    {
        if (measurements > 0)
        {
            _takenOver[job.Key] = measurements;
        }
    }

    /// <summary>How many measurements a job took over; asked once, when it has ended.</summary>
    internal int Collect(Job job) => _takenOver.TryRemove(job.Key, out int measurements) ? measurements : 0;
}
