using System.Collections.Immutable;
using Npgsql;

namespace SweepCluster.Engine.Stores.Postgres;

public sealed partial class PostgresStore
{
    private const long EventsLock = 0x5377656570_02;

    /// <inheritdoc/>
    public async Task<ImmutableArray<StoreEvent>> ReadEventsAsync(string? sweepId, long after, int limit, CancellationToken cancellationToken) => [.. await _database.QueryAsync(
        $"SELECT number, at, kind, sweep, text FROM sweep.events WHERE {(sweepId is null ? "$1::text IS NULL" : "sweep = $1")} AND number > $2 ORDER BY number LIMIT $3",
        [sweepId, after, limit],
        row => new StoreEvent(row.GetInt64(0), row.GetFieldValue<DateTimeOffset>(1), Enum.Parse<StoreEventKind>(row.GetString(2)), row.TextOrNull(3), row.GetString(4)),
        cancellationToken)];

    /// <summary>
    /// Writes events with the transaction that they tell of. The last thing it does: numbers are given in the order of commits, so that nobody who reads on from a number misses one.
    /// </summary>
    private static async Task TellAsync(NpgsqlConnection connection, IReadOnlyList<News> news, CancellationToken cancellationToken)
    {
        if (news.Count == 0)
        {
            return;
        }

        await connection.ExecuteAsync("SELECT pg_advisory_xact_lock($1)", [EventsLock], cancellationToken);
        await connection.ExecuteAsync(
            "INSERT INTO sweep.events (kind, sweep, text) SELECT kind, sweep, text FROM unnest($1::text[], $2::text[], $3::text[]) AS n (kind, sweep, text)",
            [news.Select(entry => entry.Kind.ToString()).ToArray(), news.Select(entry => entry.SweepId).ToArray(), news.Select(entry => OneLine.Of(entry.Text)).ToArray()],
            cancellationToken);
    }

    /// <summary>An event that is to be written.</summary>
    private sealed record News(StoreEventKind Kind, string? SweepId, string Text);
}
