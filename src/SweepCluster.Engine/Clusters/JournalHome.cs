using SweepCluster.Engine.Blobs;
using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Stores.Journal;
using SweepCluster.Graphs;

namespace SweepCluster.Engine.Clusters;

/// <summary>A folder as the store of many sweeps: a journal and their blobs, held by one process. Nothing has to be installed for it.</summary>
public sealed class JournalHome : IAsyncDisposable
{
    private readonly JournalStore _journal;

    private JournalHome(string folder, JournalStore journal, FolderBlobStore blobs)
    {
        Place = folder;
        _journal = journal;
        Blobs = blobs;
    }

    /// <summary>The folder, absolute.</summary>
    public string Place { get; }

    /// <summary>Sweeps, jobs, results.</summary>
    public ISweepStore Store => _journal;

    /// <summary>Models, data, cells.</summary>
    public IBlobStore Blobs { get; }

    /// <summary>Opens the store of a folder, or begins one.</summary>
    /// <param name="path">The folder: a store's, empty, or absent.</param>
    /// <param name="time">The clock that leases go by.</param>
    /// <exception cref="BadInputException">It holds something else, or cannot be written, or another process has it open.</exception>
    /// <exception cref="StoreUnavailableException">The disk is full.</exception>
    public static JournalHome Open(string path, TimeProvider time)
    {
        string folder = Path.GetFullPath(path);
        Check(folder);
        JournalStore journal = JournalStore.Open(
            folder, time, static owner => $"found a store that {owner} serves, expected one that no server has open; stop that server, or use it at its address.");
        try
        {
            FolderBlobStore blobs = new(Path.Combine(folder, "blobs"));
            blobs.RemoveUnfinished();
            return new JournalHome(folder, journal, blobs);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            journal.DisposeAsync().AsTask().Wait();
            throw new BadInputException($"{folder}: cannot be written ({error.Message.TrimEnd('.')}), expected a folder for a store.", error);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _journal.DisposeAsync();

    private static void Check(string folder)
    {
        if (File.Exists(folder))
        {
            throw new BadInputException($"{folder}: found a file, expected the folder of a store, an empty or an absent one.");
        }

        if (!Directory.Exists(folder) || File.Exists(JournalStore.PathIn(folder)))
        {
            return;
        }

        if (File.Exists(JournalStore.PathIn(Path.Combine(folder, ".sweep"))))
        {
            throw new BadInputException($"{folder}: found the result folder of one sweep, expected the folder of a store, an empty or an absent one.");
        }

        string[] entries = [.. Directory.EnumerateFileSystemEntries(folder).Where(entry => Path.GetFileName(entry) is not ("lock" or "owner")).Order(StringComparer.Ordinal)];
        if (entries.Length > 0)
        {
            throw new BadInputException(
                $"{folder}: found {entries.Length} entries and no store ('{Path.GetFileName(entries[0])}', ..), expected the folder of a store, an empty or an absent one.");
        }
    }
}
