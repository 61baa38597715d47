using System.Collections.Immutable;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Runs;
using SweepCluster.Engine.Stores;
using SweepCluster.Graphs;
using SweepCluster.Sweeps.Specs;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Engine.Clusters;

/// <summary>What people do with the sweeps of a cluster, from whatever machine: hand in, look up, watch, control, bring home.</summary>
public interface ISweepDesk : IAsyncDisposable
{
    /// <summary>Where it is, for messages; no password.</summary>
    string Place { get; }

    /// <summary>Checks a request as a run does and hands it in, or finds that it is there already; then its control stays as it is, and files that the store lost are sent again.</summary>
    /// <param name="spec">The request.</param>
    /// <param name="control">What is asked of it where it is new.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BadInputException">Model, data or spec cannot be used.</exception>
    Task<Submission> SubmitAsync(SweepSpec spec, SweepControl control, CancellationToken cancellationToken);

    /// <summary>Every sweep, in the order in which they were handed in.</summary>
    Task<ImmutableArray<SweepListing>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Finds a sweep.</summary>
    /// <param name="text">Its id, enough first digits of it, or its name where no other sweep has it; null: the only one that is not finished, else the only one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BadInputException">None or several; says which are near.</exception>
    Task<SweepListing> FindAsync(string? text, CancellationToken cancellationToken);

    /// <summary>Follows a sweep until it is finished.</summary>
    /// <param name="sweepId">The sweep.</param>
    /// <param name="progress">Told of progress now and then.</param>
    /// <param name="cancellationToken">Stops watching; the sweep goes on.</param>
    /// <exception cref="SweepStoppedException">It was cancelled, stopped or removed.</exception>
    Task WatchAsync(string sweepId, IProgress<SweepProgress> progress, CancellationToken cancellationToken);

    /// <summary>Changes what is asked of a sweep.</summary>
    /// <exception cref="WrongPhaseException">It is finished, or not in a phase that can be left so.</exception>
    Task<SweepControl> ChangeAsync(string sweepId, SweepChange change, CancellationToken cancellationToken);

    /// <summary>Removes a sweep with its results, and blobs that nothing refers to any more.</summary>
    /// <returns>Bytes of blobs that were collected at once; those of the last hour go later.</returns>
    /// <exception cref="WrongPhaseException">It runs.</exception>
    Task<long> RemoveAsync(string sweepId, CancellationToken cancellationToken);

    /// <summary>Brings a finished sweep home: a result folder that needs no store, its model with it. Writing reports is the caller's.</summary>
    /// <param name="sweepId">The sweep.</param>
    /// <param name="folder">The result folder: empty, absent, or of this sweep.</param>
    /// <param name="withData">Whether the data comes too, which only measuring anew needs.</param>
    /// <param name="cancellationToken">Stops; a second call goes on.</param>
    /// <exception cref="WrongPhaseException">It is not finished.</exception>
    /// <exception cref="BadInputException">The folder holds something else.</exception>
    Task<SweepSummary> FetchAsync(string sweepId, string folder, bool withData, CancellationToken cancellationToken);

    /// <summary>Silos that are there, by name.</summary>
    Task<ImmutableArray<SiloStatus>> ListSilosAsync(CancellationToken cancellationToken);

    /// <summary>Which of the silos that are there can take a sweep of this program's version.</summary>
    Task<ImmutableArray<Admission>> AdmitAsync(SweepNeeds needs, CancellationToken cancellationToken);

    /// <summary>Events in the order in which they happened.</summary>
    /// <param name="sweepId">Of this sweep alone; null: all.</param>
    /// <param name="follow">Whether to wait for those to come, without end.</param>
    /// <param name="cancellationToken">Stops.</param>
    IAsyncEnumerable<StoreEvent> ReadEventsAsync(string? sweepId, bool follow, CancellationToken cancellationToken);
}
