using Npgsql;
using SweepCluster.Graphs;

namespace SweepCluster.Engine.Stores.Postgres;

/// <summary>A PostgreSQL database with this program's tables, shared by the store and its blobs. Lost connections are taken up again, with limits.</summary>
public sealed class PostgresDatabase : IAsyncDisposable
{
    private const int MostPrepared = 80;
    private const int MostConnections = 16; // of one process; a server usually takes 100
    // A silo that freezes or loses its power in the middle of a transaction must not keep its locks: the server ends it after this time.
    // The planner knows nothing of tables that were filled a moment ago: every statement here goes along an index, and takes its order from it. Where many rows are looked up at once, all
    // columns of the index come from the list of them, or the lookup is a LATERAL with a limit: a constant would let the planner read a whole sweep for each row.
    private const string SessionSettings =
        "-c enable_sort=off -c enable_seqscan=off -c enable_bitmapscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off -c plan_cache_mode=force_generic_plan "
        + "-c idle_in_transaction_session_timeout=10s -c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3";

    private static readonly Version s_oldest = new(15, 0);
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2); // a restart of the server, or a failover
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(5);

    private readonly NpgsqlDataSource _source;
    private readonly TimeProvider _time;

    private PostgresDatabase(NpgsqlConnectionStringBuilder address, TimeProvider time)
    {
        Place = $"{address.Host}:{address.Port}/{address.Database ?? address.Username}";
        _source = NpgsqlDataSource.Create(address);
        _time = time;
    }

    /// <summary>Host, port and database, for messages; no password.</summary>
    public string Place { get; }

    /// <summary>Which store this is: made with its tables, the same for whoever opens it, under whatever address, and for no other store.</summary>
    public Guid StoreId { get; private set; }

    /// <summary>Connects, and brings the tables to this version where they are older or missing.</summary>
    /// <param name="address">A connection string, as <c>Host=db;Username=sweep;Password=..;Database=sweep</c>.</param>
    /// <param name="time">The clock, for pauses between attempts only: leases go by the database's.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BadInputException">The address cannot be read, the server refuses user, password or database, or the tables are of a newer version.</exception>
    /// <exception cref="StoreUnavailableException">Nothing answers there.</exception>
    public static async Task<PostgresDatabase> OpenAsync(string address, TimeProvider time, CancellationToken cancellationToken)
    {
        PostgresDatabase database = new(Parse(address), time);
        try
        {
            await using NpgsqlConnection connection = await database._source.OpenConnectionAsync(cancellationToken);
            if (connection.PostgreSqlVersion < s_oldest)
            {
                throw new BadInputException($"--store {database.Place}: found PostgreSQL {connection.PostgreSqlVersion}, expected {s_oldest.Major} or newer.");
            }

            database.StoreId = await PostgresSchema.MigrateAsync(connection, database.Place, PostgresSchema.Newest, cancellationToken);
            return database;
        }
        catch (Exception error)
        {
            await database.DisposeAsync();
            if (PostgresFaults.Describe(error, database.Place, isOpening: true) is { } known)
            {
                throw known;
            }

            throw;
        }
    }

    /// <summary>A connection of its own, for a listener.</summary>
    internal async Task<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken) => await _source.OpenConnectionAsync(cancellationToken);

    /// <summary>Does something in one transaction. What fails for a passing reason is done again, whole, after a pause that doubles, for two minutes.</summary>
    /// <exception cref="StoreUnavailableException">The reason did not pass.</exception>
    internal async Task<T> RunAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        long start = _time.GetTimestamp();
        for (TimeSpan pause = s_firstPause; ; pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause)
        {
            try
            {
                await using NpgsqlConnection connection = await _source.OpenConnectionAsync(cancellationToken);
                await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
                T result = await work(connection, cancellationToken);
                await transaction.CommitAsync(cancellationToken);
                return result;
            }
            catch (Exception error) when (PostgresFaults.IsTransient(error) && _time.GetElapsedTime(start) < s_patience)
            {
                await Task.Delay(pause, _time, cancellationToken);
            }
            catch (Exception error) when (PostgresFaults.Describe(error, Place) is not null)
            {
                throw PostgresFaults.Describe(error, Place)!;
            }
        }
    }

    /// <summary>Runs one statement, with the same promise.</summary>
    /// <param name="sql">The statement; parameters are <c>$1</c>, <c>$2</c>, ..</param>
    /// <param name="parameters">Their values.</param>
    /// <param name="read">Turns a row into a result.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal Task<List<T>> QueryAsync<T>(string sql, object?[] parameters, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken) =>
        RunAsync((connection, token) => connection.QueryAsync(sql, parameters, read, token), cancellationToken);

    /// <summary>Closes the connections.</summary>
    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static NpgsqlConnectionStringBuilder Parse(string address)
    {
        try
        {
            NpgsqlConnectionStringBuilder parts = new(address);
            if (string.IsNullOrWhiteSpace(parts.Host))
            {
                throw new BadInputException("--store: found no host, expected a connection string as \"Host=db;Username=sweep;Password=..;Database=sweep\".");
            }

            if (parts.Port is < 1 or > ushort.MaxValue)
            {
                throw new BadInputException($"--store: found the port {parts.Port}, expected 1 to {ushort.MaxValue}.");
            }

            KerberosLibrary.Settle(parts);
            parts.ApplicationName ??= "sweep";
            parts.Options = $"{SessionSettings} {parts.Options}".TrimEnd();
            parts.MaxPoolSize = Math.Min(parts.MaxPoolSize, MostConnections);
            parts.MinPoolSize = Math.Min(parts.MinPoolSize, MostConnections);
            parts.MaxAutoPrepare = Math.Max(parts.MaxAutoPrepare, MostPrepared);
            return parts;
        }
        catch (Exception error) when (error is ArgumentException or FormatException)
        {
            throw new BadInputException(
                $"--store: found a text that is no connection string ({error.Message.TrimEnd('.')}), expected one as \"Host=db;Username=sweep;Password=..;Database=sweep\".", error);
        }
    }
}
