using System.Collections.Immutable;
using Npgsql;
using SweepCluster.Graphs;

namespace SweepCluster.Engine.Stores.Postgres;

public sealed partial class PostgresStore
{
    private const int MostLate = 1000;

    private const string RanOut = $"leased_until <= statement_timestamp() AND (claimed > pg_postmaster_start_time() OR {IsBackForLong})";

    // Leases and promises from before a restart of the server may be renewed for ten more seconds: while it was away nobody could, and nobody is to blame.
    // That is twice the longest pause before a silo tries again.
    private const string IsBackForLong = "statement_timestamp() >= pg_postmaster_start_time() + interval '10 s'";

    private const string LockLeases =
        """
        SELECT FROM unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY AS c (life, sequence, place)
        JOIN sweep.leases l ON l.sweep = c.life AND l.sequence = c.sequence ORDER BY c.place FOR UPDATE OF l
        """;

    // A copy that took the place of a lost holder is renewed as one, whatever its claim says.
    private static readonly string s_renewHolders = Renewal("leased_until", "epoch", "silo"), s_renewCopies = Renewal("copy_until", "copy_epoch", "copy_silo");

    /// <inheritdoc/>
    public async Task<ImmutableArray<bool>> RenewAsync(IReadOnlyList<Claim> claims, TimeSpan lease, CancellationToken cancellationToken)
    {
        if (claims.Count == 0)
        {
            return [];
        }

        HashSet<Claim> held = await _database.RunAsync(
            async (connection, token) =>
            {
                Claim[] ordered = InOrder(claims), copies = [.. ordered.Where(claim => claim.IsCopy)];
                if (copies.Length > 0)
                {
                    await connection.ExecuteAsync(LockLeases, ClaimColumns(ordered)[..2], token); // two statements follow, each in order: together they are not
                }

                HashSet<Claim> renewed = [.. await RenewAsync(connection, s_renewHolders, ordered, lease, token)];
                renewed.UnionWith(copies.Length == 0 ? [] : await RenewAsync(connection, s_renewCopies, copies, lease, token));
                return renewed;
            },
            cancellationToken);
        return [.. claims.Select(held.Contains)];
    }

    /// <inheritdoc/>
    public Task ReleaseAsync(IReadOnlyList<Claim> claims, CancellationToken cancellationToken) => EndAsync(claims, null, TimeSpan.Zero, cancellationToken);

    /// <inheritdoc/>
    public Task FailAsync(Claim claim, string reason, TimeSpan pause, CancellationToken cancellationToken) => EndAsync([claim], OneLine.Of(reason), pause, cancellationToken);

    private static string Renewal(string until, string epoch, string silo) =>
        $"""
        UPDATE sweep.leases l SET {until} = clock_timestamp() + $5
        FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[]) WITH ORDINALITY AS c (life, sequence, epoch, silo, place)
        JOIN sweep.sweeps s ON s.number = c.life AND s.phase <> 'Cancelled'
        WHERE l.sweep = s.number AND l.sequence = c.sequence AND l.{epoch} = c.epoch AND l.{silo} = c.silo
        RETURNING c.place::integer
        """;

    private static async Task<IEnumerable<Claim>> RenewAsync(NpgsqlConnection connection, string sql, Claim[] claims, TimeSpan lease, CancellationToken cancellationToken) =>
        (await connection.QueryAsync(sql, [.. ClaimColumns(claims), lease], row => row.GetInt32(0) - 1, cancellationToken)).Select(index => claims[index]);

    // All who lock several leases do so in this order, so that no two wait for each other.
    private static Claim[] InOrder(IEnumerable<Claim> claims) => [.. claims.OrderBy(claim => claim.SweepId, StringComparer.Ordinal).ThenBy(claim => claim.Sequence)];

    private async Task EndAsync(IReadOnlyList<Claim> claims, string? reason, TimeSpan pause, CancellationToken cancellationToken)
    {
        if (claims.Count == 0)
        {
            return;
        }

        await _database.RunAsync(
            async (connection, token) =>
            {
                Claim[] ordered = InOrder(claims);
                await connection.ExecuteAsync(
                    "SELECT FROM sweep.sweeps WHERE number = ANY ($1) ORDER BY id FOR KEY SHARE", [ordered.Select(claim => claim.Life).Distinct().ToArray()], token);
                List<Lease> ended = await connection.QueryAsync(
                    $"""
                    SELECT {Lease.Columns}, c.epoch = l.epoch AS holder, c.epoch IS DISTINCT FROM l.epoch AS copy
                    FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[]) AS c (life, sequence, epoch, silo)
                    JOIN sweep.sweeps s ON s.number = c.life
                    JOIN sweep.leases l ON l.sweep = s.number AND l.sequence = c.sequence
                        AND ((l.epoch = c.epoch AND l.silo = c.silo) OR (l.copy_epoch = c.epoch AND l.copy_silo = c.silo))
                    FOR UPDATE OF l
                    """,
                    ClaimColumns(ordered), Lease.Read, token);
                IReadOnlyList<News> news = await EndAsync(connection, [.. ended.DistinctBy(lease => (lease.Sweep, lease.Sequence))], reason, pause, token);
                await _changes.NotifyAsync(connection, token);
                await TellAsync(connection, news, token);
                return true;
            },
            cancellationToken);
        _changes.Announce();
    }

    /// <summary>Ends the leases that ran out, those of every sweep: their jobs are free again, or a copy goes on alone.</summary>
    private Task<int> EndLateLeasesAsync(CancellationToken cancellationToken) => _database.RunAsync(
        async (connection, token) =>
        {
            await connection.ExecuteAsync(
                $"SELECT FROM sweep.sweeps WHERE number = ANY (ARRAY(SELECT sweep FROM sweep.leases WHERE {RanOut})) ORDER BY id FOR KEY SHARE", [], token);
            List<Lease> late = await connection.QueryAsync(
                $"""
                SELECT {Lease.Columns}, true AS holder, l.copy_silo IS NOT NULL AND l.copy_until <= now() AS copy
                FROM sweep.leases l JOIN sweep.sweeps s ON s.number = l.sweep
                WHERE {RanOut} ORDER BY l.leased_until LIMIT $1 FOR UPDATE OF l SKIP LOCKED
                """,
                [MostLate], Lease.Read, token);
            await TellAsync(connection, await EndAsync(connection, late, Claim.SiloLost, TimeSpan.Zero, token), token);
            return late.Count;
        },
        cancellationToken);

    /// <summary>Ends attempts under leases that this transaction has locked.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="leases">The leases, with what of them ends.</param>
    /// <param name="reason">How the attempts ended; null where nobody is to blame.</param>
    /// <param name="pause">The jobs are not given out before this time has passed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What is to be told of it, at the end of the transaction.</returns>
    private static async Task<IReadOnlyList<News>> EndAsync(NpgsqlConnection connection, List<Lease> leases, string? reason, TimeSpan pause, CancellationToken cancellationToken)
    {
        Lease[] freed = [.. leases.Where(lease => lease.HolderEnds && (lease.CopySilo is null || lease.CopyEnds))];
        Lease[] handed = [.. leases.Where(lease => lease.HolderEnds && lease.CopySilo is not null && !lease.CopyEnds)];
        Lease[] alone = [.. leases.Where(lease => !lease.HolderEnds && lease.CopyEnds)];
        if (freed.Length > 0)
        {
            await connection.ExecuteAsync(
                """
                WITH freed AS (
                    DELETE FROM sweep.leases l USING unnest($1::integer[], $2::bigint[], $3::integer[]) AS e (sweep, sequence, blame)
                    WHERE l.sweep = e.sweep AND l.sequence = e.sequence RETURNING l.*, e.blame)
                INSERT INTO sweep.queue (sweep, sequence, coordinates, epoch, attempts, last_error, not_before)
                SELECT sweep, sequence, coordinates, greatest(epoch, copy_epoch), attempts + blame, coalesce($4::text, last_error),
                    CASE WHEN $5 > interval '0' THEN clock_timestamp() + $5 END
                FROM freed
                """,
                [.. Columns(freed, reason), reason, pause], cancellationToken);
        }

        if (handed.Length > 0)
        {
            await connection.ExecuteAsync(
                """
                UPDATE sweep.leases l SET epoch = copy_epoch, silo = copy_silo, claimed = copy_claimed, leased_until = copy_until,
                    copy_epoch = NULL, copy_silo = NULL, copy_claimed = NULL, copy_until = NULL, attempts = attempts + blame, last_error = coalesce($4::text, last_error)
                FROM unnest($1::integer[], $2::bigint[], $3::integer[]) AS e (sweep, sequence, blame) WHERE l.sweep = e.sweep AND l.sequence = e.sequence
                """,
                [.. Columns(handed, reason), reason], cancellationToken);
        }

        if (alone.Length > 0)
        {
            await connection.ExecuteAsync(
                """
                UPDATE sweep.leases l SET copy_silo = NULL, copy_claimed = NULL, copy_until = NULL, attempts = attempts + blame, last_error = coalesce($4::text, last_error)
                FROM unnest($1::integer[], $2::bigint[], $3::integer[]) AS e (sweep, sequence, blame) WHERE l.sweep = e.sweep AND l.sequence = e.sequence
                """,
                [.. Columns(alone, reason), reason], cancellationToken);
        }

        return reason is null ? [] : [.. leases.SelectMany(lease => lease.Tell(reason))];
    }

    private static object[] Columns(Lease[] leases, string? reason) =>
    [
        leases.Select(lease => lease.Sweep).ToArray(), leases.Select(lease => lease.Sequence).ToArray(), leases.Select(lease => reason is null ? 0 : lease.Ending).ToArray(),
    ];

    /// <summary>A lease, and what of it ends.</summary>
    private sealed record Lease(int Sweep, string SweepId, long Sequence, string Silo, string? CopySilo, int Attempts, bool HolderEnds, bool CopyEnds)
    {
        /// <summary>What <see cref="Read"/> reads, but for the last two columns.</summary>
        internal const string Columns = "l.sweep, s.id, l.sequence, l.silo, l.copy_silo, l.attempts";

        /// <summary>Number of attempts that end.</summary>
        internal int Ending => (HolderEnds ? 1 : 0) + (CopyEnds ? 1 : 0);

        internal static Lease Read(NpgsqlDataReader row) =>
            new(row.GetInt32(0), row.GetString(1), row.GetInt64(2), row.GetString(3), row.TextOrNull(4), row.GetInt32(5), row.GetBoolean(6), row.GetBoolean(7));

        internal IEnumerable<News> Tell(string reason) => ((string?[])[HolderEnds ? Silo : null, CopyEnds ? CopySilo : null]).OfType<string>()
            .Select((silo, index) => new News(StoreEventKind.AttemptFailed, SweepId, EventText.AttemptFailed(Sequence, silo, Attempts + index + 1, reason)));
    }
}
