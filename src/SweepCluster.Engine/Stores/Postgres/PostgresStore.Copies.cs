using Npgsql;

namespace SweepCluster.Engine.Stores.Postgres;

public sealed partial class PostgresStore
{
    private const int LateByTimes = 3; // of what 95 % of the latest jobs took

    // A command need not measure the same twice: its jobs have no copies.
    private const string LateJobs =
        $"""
        SELECT s.number, s.id, l.sequence, l.epoch, clock_timestamp() - l.claimed, {ControlColumns}, j.kind, j.key, j.payload, j.subject
        FROM sweep.leases l JOIN sweep.sweeps s ON s.number = l.sweep JOIN sweep.jobs j ON j.sweep = l.sweep AND j.sequence = l.sequence
        WHERE {Admitted} AND NOT s.runs_command AND NOT l.coordinates AND l.silo <> $7 AND l.leased_until > clock_timestamp() AND l.claimed <= clock_timestamp() - $8
            AND (l.copy_silo IS NULL OR l.copy_until <= clock_timestamp())
        ORDER BY s.priority DESC, l.claimed LIMIT 1000
        """;

    // Failures are no measure: a job that is set aside takes no time.
    private const string UsualTime =
        """
        SELECT percentile_disc(0.95) WITHIN GROUP (ORDER BY t.took) FROM (
            SELECT r.took FROM (SELECT job, took, failure FROM sweep.results WHERE sweep = $1 ORDER BY sequence DESC LIMIT 1000) r
            CROSS JOIN LATERAL (SELECT j.kind FROM sweep.jobs j WHERE j.sweep = $1 AND j.sequence = r.job LIMIT 1) j
            WHERE j.kind = $2 AND r.took IS NOT NULL AND r.failure IS NULL LIMIT 200) t
        """;

    // One that somebody else is at is passed over: who looks for a late job waits for nobody, and holds no job that it does not take.
    private const string LockLate =
        $"""
        SELECT {Lease.Columns}, false AS holder, l.copy_silo IS NOT NULL AS copy FROM sweep.leases l JOIN sweep.sweeps s ON s.number = l.sweep
        WHERE l.sweep = $1 AND l.sequence = $2 AND l.epoch = $3 AND (l.copy_silo IS NULL OR l.copy_until <= clock_timestamp()) FOR UPDATE OF l SKIP LOCKED
        """;

    private const string TakeCopy =
        """
        UPDATE sweep.leases l SET copy_epoch = greatest(l.epoch, l.copy_epoch) + 1, copy_silo = $3, copy_claimed = clock_timestamp(), copy_until = clock_timestamp() + $4
        WHERE l.sweep = $1 AND l.sequence = $2
        RETURNING l.copy_epoch, l.attempts, l.last_error
        """;

    /// <inheritdoc/>
    public Task<Claim?> ClaimCopyAsync(ClaimFilter filter, string silo, TimeSpan leastAge, TimeSpan lease, CancellationToken cancellationToken) => _database.RunAsync(
        async (connection, token) =>
        {
            List<LateJob> held = await connection.QueryAsync(
                LateJobs, [.. FilterValues(filter), silo, leastAge],
                row => new LateJob(
                    row.GetInt32(0), new Claim(row.GetString(1), row.GetInt64(2), ReadJob(row, 10), row.GetInt64(3), silo) { Life = row.GetInt32(0) }, row.GetTimeSpan(4), ReadControl(row, 5)),
                token);
            foreach (var alike in held.GroupBy(job => (job.Number, job.Claim.Job.Kind)))
            {
                TimeSpan? usual = (await connection.QueryAsync(
                    UsualTime, [alike.Key.Number, alike.Key.Kind.ToString()], row => row.IsDBNull(0) ? (TimeSpan?)null : row.GetTimeSpan(0), token))[0];
                foreach (LateJob late in alike.Where(job => usual is null || job.Age >= usual * LateByTimes))
                {
                    if (await TakeCopyAsync(connection, late, lease, token) is { } copy)
                    {
                        return copy;
                    }
                }
            }

            return null;
        },
        cancellationToken);

    /// <summary>Takes a copy; one whose own silo was lost makes room for it.</summary>
    /// <returns>The copy; null where somebody else was first. Then nothing is locked.</returns>
    private static async Task<Claim?> TakeCopyAsync(NpgsqlConnection connection, LateJob late, TimeSpan lease, CancellationToken cancellationToken)
    {
        List<Lease> held = await connection.QueryAsync(LockLate, [late.Number, late.Claim.Sequence, late.Claim.Epoch], Lease.Read, cancellationToken);
        if (held.Count == 0)
        {
            return null;
        }

        IReadOnlyList<News> news = await EndAsync(connection, held, Claim.SiloLost, TimeSpan.Zero, cancellationToken);
        List<Claim> copies = await connection.QueryAsync(
            TakeCopy, [late.Number, late.Claim.Sequence, late.Claim.Silo, lease],
            row => late.Claim with
            {
                Epoch = row.GetInt64(0),
                Attempts = row.GetInt32(1),
                LastError = row.TextOrNull(2),
                MaxAttempts = late.Control.MaxAttempts,
                TimeLimit = late.Control.TimeLimit,
                IsCopy = true,
            },
            cancellationToken);
        await TellAsync(connection, news, cancellationToken);
        return copies[0];
    }

    /// <summary>A job that another silo holds.</summary>
    private sealed record LateJob(int Number, Claim Claim, TimeSpan Age, SweepControl Control);
}
