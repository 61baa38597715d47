using SweepCluster.Engine.Blobs;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Stores.Postgres;
using SweepCluster.Graphs;
using SweepCluster.Server.Health;

namespace SweepCluster.Server;

/// <summary>The store of a server: a PostgreSQL database, which other processes use too, or a folder of its own.</summary>
internal sealed class ServerHome : IAsyncDisposable
{
    private readonly JournalHome? _journal;
    private readonly PostgresDatabase? _database;

    private ServerHome(string place, ISweepStore store, IBlobStore blobs, TimeProvider time, IReadOnlyList<IReadinessCheck> checks)
    {
        Place = place;
        Parts = new ServerParts(store, blobs, new StoreDesk(store, blobs, place, time), checks);
    }

    private ServerHome(JournalHome journal, TimeProvider time, IReadOnlyList<IReadinessCheck> checks)
        : this(journal.Place, journal.Store, journal.Blobs, time, checks) => _journal = journal;

    private ServerHome(PostgresDatabase database, TimeProvider time, IReadOnlyList<IReadinessCheck> checks)
        : this(database.Place, new PostgresStore(database, time), new PostgresBlobStore(database), time, checks) => _database = database;

    /// <summary>What messages call it; no password.</summary>
    internal string Place { get; }

    /// <summary>What a server stands on.</summary>
    internal ServerParts Parts { get; }

    /// <summary>Whether other processes cannot work on it.</summary>
    internal bool IsJournal => _journal is not null;

    /// <summary>Whether a text names a folder, and not a database: a connection string has a <c>=</c>.</summary>
    internal static bool IsFolder(string store) => !store.Contains('=', StringComparison.Ordinal);

    /// <summary>Opens it.</summary>
    /// <exception cref="BadInputException">It cannot be used.</exception>
    /// <exception cref="StoreUnavailableException">It cannot be reached, or the disk is full.</exception>
    internal static async Task<ServerHome> OpenAsync(string store, TimeProvider time, IReadOnlyList<IReadinessCheck> checks, CancellationToken cancellationToken) => IsFolder(store)
        ? new ServerHome(JournalHome.Open(store, time), time, checks)
        : new ServerHome(await PostgresDatabase.OpenAsync(store, time, cancellationToken), time, checks);

    /// <summary>Closes it.</summary>
    public async ValueTask DisposeAsync()
    {
        await Parts.Desk.DisposeAsync();
        await Parts.Store.DisposeAsync();
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }
}
