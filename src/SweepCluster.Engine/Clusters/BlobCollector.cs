using System.Runtime.CompilerServices;
using SweepCluster.Engine.Blobs;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;
using SweepCluster.Graphs;

namespace SweepCluster.Engine.Clusters;

/// <summary>Collects blobs that nothing refers to: neither the files of a sweep, nor a cell, nor recorded outputs.</summary>
public static class BlobCollector
{
    private const int PageSize = 1000;
    private static readonly TimeSpan s_period = TimeSpan.FromHours(1);

    /// <summary>Blobs that were stored less long ago are let be, since what refers to them may be on its way: one hour.</summary>
    public static TimeSpan UsualAge { get; } = TimeSpan.FromHours(1);

    /// <summary>Collects once.</summary>
    /// <param name="store">What may refer to blobs.</param>
    /// <param name="blobs">The blobs.</param>
    /// <param name="leastAge">Those that were stored less long ago are let be.</param>
    /// <param name="cancellationToken">Stops; what was collected is gone.</param>
    /// <returns>Bytes that were collected.</returns>
    /// <exception cref="BadInputException">A sweep of the store is of a form that this version cannot read, so that nobody knows what it refers to.</exception>
    public static Task<long> RunAsync(ISweepStore store, IBlobStore blobs, TimeSpan leastAge, CancellationToken cancellationToken) =>
        CollectAsync(blobs, ReferencesAsync(store, blobs, cancellationToken), leastAge, cancellationToken);

    /// <summary>Collects once an hour until it is stopped. Of the silos that are there one does so, the first by name; were it two for a moment, both would collect the same.</summary>
    /// <param name="store">What may refer to blobs.</param>
    /// <param name="blobs">The blobs.</param>
    /// <param name="silo">Name of the silo that asks.</param>
    /// <param name="notice">Told in one line what an operator should know.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task KeepAsync(ISweepStore store, IBlobStore blobs, string silo, Action<string> notice, TimeProvider time, CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(s_period, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            try
            {
                if ((await store.ListSilosAsync(cancellationToken)) is [SiloStatus first, ..] && first.Silo.Name == silo
                    && await RunAsync(store, blobs, UsualAge, cancellationToken) is > 0 and long bytes)
                {
                    notice($"collected {bytes >> 20} MiB of files and cells that nothing refers to any more");
                }
            }
            catch (SweepException error)
            {
                notice($"what nothing refers to was not collected: {error.Message}"); // the next hour may be better
            }
        }
    }

    /// <summary>Collects in the folder of one finished sweep, which nobody else uses.</summary>
    internal static Task<long> RunAsync(ISweepStore store, string sweepId, IBlobStore blobs, CancellationToken cancellationToken) =>
        CollectAsync(blobs, ReferencesAsync(store, sweepId, cancellationToken), TimeSpan.Zero, cancellationToken);

    private static async Task<long> CollectAsync(IBlobStore blobs, IAsyncEnumerable<string> references, TimeSpan leastAge, CancellationToken cancellationToken)
    {
        HashSet<string> referenced = new(StringComparer.Ordinal);
        await foreach (string blob in references)
        {
            referenced.Add(blob);
        }

        return await blobs.CollectAsync(referenced, leastAge, cancellationToken);
    }

    /// <summary>The blobs that the sweeps of a store refer to, page by page; one may come several times.</summary>
    internal static async IAsyncEnumerable<string> ReferencesAsync(ISweepStore store, IBlobStore blobs, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (SweepRecord sweep in await store.ListSweepsAsync(cancellationToken))
        {
            foreach (string blob in await FilesOfAsync(sweep, blobs, cancellationToken))
            {
                yield return blob;
            }

            await foreach (string blob in ReferencesAsync(store, sweep.Id, cancellationToken))
            {
                yield return blob;
            }
        }
    }

    /// <summary>The blobs that the results of one sweep refer to.</summary>
    private static async IAsyncEnumerable<string> ReferencesAsync(ISweepStore store, string sweepId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (long read = 0; await store.ReadResultsAsync(sweepId, read, PageSize, cancellationToken) is { IsEmpty: false } page; read = page[^1].Sequence)
        {
            foreach (string blob in page.SelectMany(BlobsOf))
            {
                yield return blob;
            }
        }
    }

    /// <summary>The files of a sweep that came from another machine; none where it was run in its own folder. Where their list is lost, nobody can use them: who needs them hands the sweep in again.</summary>
    private static async Task<IReadOnlyList<string>> FilesOfAsync(SweepRecord sweep, IBlobStore blobs, CancellationToken cancellationToken)
    {
        try
        {
            return await Bundles.BlobsOfAsync(sweep.Request, blobs, cancellationToken);
        }
        catch (BlobUnavailableException)
        {
            return [];
        }
    }

    private static IEnumerable<string> BlobsOf(RecordedResult result)
    {
        if (result.Result.Payload is not { } payload)
        {
            return [];
        }

        return result.Job.Kind switch
        {
            JobKind.Layer => EngineJson.Read(payload, EngineJson.Default.LayerResult).Cells.Select(cell => cell.Blob).OfType<string>(),
            JobKind.Trial when EngineJson.Read(payload, EngineJson.Default.TrialResult).Outputs is { } outputs => [outputs],
            _ => [],
        };
    }
}
