using System.Collections.Immutable;
using Npgsql;

namespace SweepCluster.Engine.Stores.Postgres;

public sealed partial class PostgresStore
{
    /// <inheritdoc/>
    public Task HeartbeatAsync(SiloRecord silo, TimeSpan lease, CancellationToken cancellationToken) => _database.RunAsync(
        async (connection, token) =>
        {
            bool joined = (await connection.QueryAsync(
                """
                INSERT INTO sweep.silos (name, version, slots, memory_bytes, allows_commands, promised_until) VALUES ($1, $2, $3, $4, $5, clock_timestamp() + $6)
                ON CONFLICT (name) DO UPDATE SET version = excluded.version, slots = excluded.slots, memory_bytes = excluded.memory_bytes,
                    allows_commands = excluded.allows_commands, seen = excluded.seen, promised_until = excluded.promised_until
                RETURNING xmax = 0
                """,
                [silo.Name, silo.Version, silo.Capacity.Slots, silo.Capacity.MemoryBytes, silo.Capacity.AllowsCommands, lease], row => row.GetBoolean(0), token))[0];
            List<News> news = await FindLostAsync(connection, token); // whoever speaks is not among them, however late
            if (joined)
            {
                news.Add(new News(StoreEventKind.SiloJoined, null, EventText.Joined(silo)));
            }

            await TellAsync(connection, news, token);
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task LeaveAsync(string silo, CancellationToken cancellationToken) => _database.RunAsync(
        async (connection, token) =>
        {
            if (await connection.ExecuteAsync("DELETE FROM sweep.silos WHERE name = $1", [silo], token) > 0)
            {
                await TellAsync(connection, [new News(StoreEventKind.SiloLeft, null, EventText.Left(silo))], token);
            }

            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<SiloStatus>> ListSilosAsync(CancellationToken cancellationToken) => _database.RunAsync(
        async (connection, token) =>
        {
            List<News> lost = await FindLostAsync(connection, token);
            Dictionary<string, long> leased = (await connection.QueryAsync(
                """
                SELECT h.silo, count(*) FROM (
                    SELECT silo FROM sweep.leases WHERE leased_until > clock_timestamp()
                    UNION ALL SELECT copy_silo FROM sweep.leases WHERE copy_silo IS NOT NULL AND copy_until > clock_timestamp()) h
                GROUP BY h.silo
                """,
                [], row => (Silo: row.GetString(0), Count: row.GetInt64(1)), token)).ToDictionary(entry => entry.Silo, entry => entry.Count, StringComparer.Ordinal);
            List<SiloStatus> silos = await connection.QueryAsync(
                "SELECT name, version, slots, memory_bytes, allows_commands, joined, greatest(clock_timestamp() - seen, interval '0') FROM sweep.silos",
                [],
                row => new SiloStatus(
                    new SiloRecord(row.GetString(0), row.GetString(1), new SiloCapacity(row.GetInt32(2), row.GetInt64(3), row.GetBoolean(4))),
                    row.GetFieldValue<DateTimeOffset>(5), row.GetTimeSpan(6), leased.GetValueOrDefault(row.GetString(0))),
                token);
            await TellAsync(connection, lost, token);
            return silos.OrderBy(status => status.Silo.Name, StringComparer.Ordinal).ToImmutableArray();
        },
        cancellationToken);

    /// <inheritdoc/>
    public async Task<ImmutableArray<HeldJob>> ListHeldAsync(CancellationToken cancellationToken) => [.. await _database.QueryAsync(
        """
        SELECT s.id, h.sequence, h.silo, h.age, h.copy, j.kind, j.key, j.payload, j.subject FROM (
            SELECT sweep, sequence, silo, greatest(clock_timestamp() - claimed, interval '0') AS age, false AS copy FROM sweep.leases WHERE leased_until > clock_timestamp()
            UNION ALL
            SELECT sweep, sequence, copy_silo, greatest(clock_timestamp() - copy_claimed, interval '0'), true FROM sweep.leases
            WHERE copy_silo IS NOT NULL AND copy_until > clock_timestamp()) h
        JOIN sweep.sweeps s ON s.number = h.sweep JOIN sweep.jobs j ON j.sweep = h.sweep AND j.sequence = h.sequence
        ORDER BY h.silo COLLATE "C", s.id COLLATE "C", h.sequence
        """,
        [], row => new HeldJob(row.GetString(0), row.GetInt64(1), ReadJob(row, 5), row.GetString(2), row.GetTimeSpan(3), row.GetBoolean(4)), cancellationToken)];

    /// <summary>Strikes off silos that were not heard of in time. Of several who look at once, one finds a loss; who is speaking at this moment is passed over.</summary>
    private static Task<List<News>> FindLostAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => connection.QueryAsync(
        $"""
        DELETE FROM sweep.silos WHERE name = ANY (ARRAY(
            SELECT name FROM sweep.silos WHERE promised_until <= statement_timestamp() AND (seen > pg_postmaster_start_time() OR {IsBackForLong}) FOR UPDATE SKIP LOCKED))
        RETURNING name
        """,
        [],
        row => new News(StoreEventKind.SiloLost, null, EventText.Lost(row.GetString(0))),
        cancellationToken);
}
