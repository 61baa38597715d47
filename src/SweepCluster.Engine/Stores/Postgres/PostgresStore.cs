using System.Collections.Immutable;
using Npgsql;
using SweepCluster.Engine.Jobs;

namespace SweepCluster.Engine.Stores.Postgres;

/// <summary>
/// The store of many silos: PostgreSQL 15 or newer. Committed means on the server's disk. Leases go by the server's clock, so silos' clocks do not matter;
/// claims pass over rows that another silo is claiming; calls that come together share a transaction.
/// </summary>
public sealed partial class PostgresStore : ISweepStore
{
    private const int MostInBatch = 1000;

    private readonly PostgresDatabase _database;
    private readonly PostgresChanges _changes;
    private readonly Batcher<ClaimRequest, ImmutableArray<Claim>> _claiming;
    private readonly Batcher<Recording, RecordOutcome> _recording;

    /// <summary>A store on an opened database, which must be disposed of after it.</summary>
    /// <param name="database">The database.</param>
    /// <param name="time">The clock, for pauses before a lost connection is taken up again.</param>
    public PostgresStore(PostgresDatabase database, TimeProvider time)
    {
        _database = database;
        _changes = new PostgresChanges(database, time);
        _claiming = new(ClaimAsync, MostInBatch);
        _recording = new(RecordAsync, MostInBatch);
    }

    /// <inheritdoc/>
    public async Task<bool> AddSweepAsync(SweepRecord sweep, SweepControl control, IReadOnlyList<Job> jobs, CancellationToken cancellationToken)
    {
        bool added = await _database.RunAsync(
            async (connection, token) =>
            {
                List<int> number = await connection.QueryAsync(
                    """
                    INSERT INTO sweep.sweeps (id, name, spec, model_hash, data_hash, version, request) VALUES ($1, $2, $3, $4, $5::text, $6, $7)
                    ON CONFLICT (id) DO NOTHING RETURNING number
                    """,
                    [sweep.Id, sweep.Name, sweep.Spec, sweep.ModelHash, sweep.DataHash, sweep.Version, sweep.Request], row => row.GetInt32(0), token);
                if (number.Count == 0)
                {
                    return false;
                }

                await AppendAsync(connection, sweep.Id, number[0], 0, jobs, token);
                await _changes.NotifyAsync(connection, token);
                return true;
            },
            cancellationToken);
        if (added)
        {
            _changes.Announce();
            return true;
        }

        SweepRecord held = (await ReadSweepsAsync("WHERE id = $1", [sweep.Id], cancellationToken)).Single();
        return held with { Request = sweep.Request } == sweep ? false : throw new StoreConflictException(
            $"sweep {sweep.Id}: found another spec, model, data or version under this id.");
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<SweepRecord>> ListSweepsAsync(CancellationToken cancellationToken) => ReadSweepsAsync("", [], cancellationToken);

    /// <inheritdoc/>
    public async Task AppendJobsAsync(string sweepId, long expectedSequence, IReadOnlyList<Job> jobs, CancellationToken cancellationToken)
    {
        await _database.RunAsync(
            async (connection, token) =>
            {
                LockedSweep sweep = (await LockAsync(connection, [sweepId], token)).GetValueOrDefault(sweepId) ?? throw Unknown(sweepId);
                CheckPlace(sweepId, sweep, expectedSequence);
                await AppendAsync(connection, sweepId, sweep.Number, expectedSequence, jobs, token);
                await _changes.NotifyAsync(connection, token);
                return true;
            },
            cancellationToken);
        _changes.Announce();
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<QueuedJob>> ReadJobsAsync(string sweepId, long from, int limit, CancellationToken cancellationToken) => [.. await _database.QueryAsync(
        """
        SELECT j.sequence, j.kind, j.key, j.payload FROM sweep.jobs j
        WHERE j.sweep = (SELECT number FROM sweep.sweeps WHERE id = $1) AND j.sequence >= $2 ORDER BY j.sequence LIMIT $3
        """,
        [sweepId, from, limit], row => new QueuedJob(row.GetInt64(0), ReadJob(row, 1)), cancellationToken)];

    /// <inheritdoc/>
    public async Task<ImmutableArray<bool>> RenewAsync(IReadOnlyList<Claim> claims, TimeSpan lease, CancellationToken cancellationToken)
    {
        if (claims.Count == 0)
        {
            return [];
        }

        HashSet<int> held = [.. await _database.QueryAsync(
            """
            UPDATE sweep.queue q SET leased_until = clock_timestamp() + $5
            FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[]) WITH ORDINALITY AS c (id, sequence, epoch, silo, place)
            JOIN sweep.sweeps s ON s.id = c.id
            WHERE q.sweep = s.number AND q.sequence = c.sequence AND q.epoch = c.epoch AND q.silo = c.silo
            RETURNING c.place::integer
            """,
            [.. ClaimColumns(claims), lease], row => row.GetInt32(0) - 1, cancellationToken)];
        return [.. Enumerable.Range(0, claims.Count).Select(held.Contains)];
    }

    /// <inheritdoc/>
    public async Task ReleaseAsync(IReadOnlyList<Claim> claims, CancellationToken cancellationToken)
    {
        await _database.RunAsync(
            async (connection, token) =>
            {
                await connection.ExecuteAsync(
                    """
                    UPDATE sweep.queue q SET silo = NULL, leased_until = NULL
                    FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[]) AS c (id, sequence, epoch, silo)
                    JOIN sweep.sweeps s ON s.id = c.id
                    WHERE q.sweep = s.number AND q.sequence = c.sequence AND q.epoch = c.epoch AND q.silo = c.silo
                    """,
                    ClaimColumns(claims), token);
                await _changes.NotifyAsync(connection, token);
                return true;
            },
            cancellationToken);
        _changes.Announce();
    }

    /// <inheritdoc/>
    public Task<RecordOutcome> TryRecordAsync(Claim claim, JobResult result, IReadOnlyList<Job> proposals, CancellationToken cancellationToken) =>
        _recording.AddAsync(new Recording(claim, result, proposals)).WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<ImmutableArray<RecordedResult>> ReadResultsAsync(string sweepId, long after, int limit, CancellationToken cancellationToken) => [.. await _database.QueryAsync(
        """
        SELECT r.sequence, r.job, j.kind, j.key, j.payload, r.payload, r.failure
        FROM sweep.results r JOIN sweep.jobs j ON j.sweep = r.sweep AND j.sequence = r.job
        WHERE r.sweep = (SELECT number FROM sweep.sweeps WHERE id = $1) AND r.sequence > $2 ORDER BY r.sequence LIMIT $3
        """,
        [sweepId, after, limit],
        row => new RecordedResult(row.GetInt64(0), row.GetInt64(1), ReadJob(row, 2), new JobResult(row.TextOrNull(5), row.TextOrNull(6))),
        cancellationToken)];

    /// <inheritdoc/>
    public async Task<SweepStatus> ReadStatusAsync(string sweepId, CancellationToken cancellationToken) => (await _database.QueryAsync(
        """
        SELECT s.jobs, s.results,
            (SELECT count(*) FROM sweep.queue q WHERE q.sweep = s.number AND q.silo IS NOT NULL AND q.leased_until > clock_timestamp())
        FROM sweep.sweeps s WHERE s.id = $1
        """,
        [sweepId], row => new SweepStatus(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)), cancellationToken)).FirstOrDefault() ?? throw Unknown(sweepId);

    /// <inheritdoc/>
    public Task<long> WaitForChangeAsync(long seen, CancellationToken cancellationToken) => _changes.WaitAsync(seen, cancellationToken);

    /// <summary>Stops listening.</summary>
    public ValueTask DisposeAsync() => _changes.DisposeAsync();

    private static ArgumentException Unknown(string sweepId) => new($"No sweep has the id {sweepId}.", nameof(sweepId));

    private static Job ReadJob(NpgsqlDataReader row, int column) =>
        new(Enum.Parse<JobKind>(row.GetString(column)), row.GetString(column + 1), row.GetString(column + 2));

    private static object[] ClaimColumns(IReadOnlyList<Claim> claims) =>
    [
        claims.Select(claim => claim.SweepId).ToArray(), claims.Select(claim => claim.Sequence).ToArray(),
        claims.Select(claim => claim.Epoch).ToArray(), claims.Select(claim => claim.Silo).ToArray(),
    ];

    private async Task<ImmutableArray<SweepRecord>> ReadSweepsAsync(string where, object?[] parameters, CancellationToken cancellationToken) => [.. await _database.QueryAsync(
        $"SELECT id, name, spec, model_hash, data_hash, version, request FROM sweep.sweeps {where} ORDER BY number",
        parameters,
        row => new SweepRecord(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.TextOrNull(4), row.GetString(5), row.GetString(6)),
        cancellationToken)];

    /// <inheritdoc/>
    public Task<SweepControl> ChangeAsync(string sweepId, Func<SweepControl, SweepControl> change, CancellationToken cancellationToken) => throw new NotImplementedException();
    /// <inheritdoc/>
    public Task RemoveSweepAsync(string sweepId, CancellationToken cancellationToken) => throw new NotImplementedException();
    /// <inheritdoc/>
    public Task<Claim?> ClaimCopyAsync(ClaimFilter filter, string silo, TimeSpan leastAge, TimeSpan lease, CancellationToken cancellationToken) => throw new NotImplementedException();
    /// <inheritdoc/>
    public Task FailAsync(Claim claim, string reason, TimeSpan pause, CancellationToken cancellationToken) => throw new NotImplementedException();
    /// <inheritdoc/>
    public Task<ImmutableArray<RecordedResult>> FindResultsAsync(string subject, CancellationToken cancellationToken) => throw new NotImplementedException();
    /// <inheritdoc/>
    public Task HeartbeatAsync(SiloRecord silo, TimeSpan lease, CancellationToken cancellationToken) => throw new NotImplementedException();
    /// <inheritdoc/>
    public Task LeaveAsync(string silo, CancellationToken cancellationToken) => throw new NotImplementedException();
    /// <inheritdoc/>
    public Task<ImmutableArray<SiloStatus>> ListSilosAsync(CancellationToken cancellationToken) => throw new NotImplementedException();
    /// <inheritdoc/>
    public Task<ImmutableArray<StoreEvent>> ReadEventsAsync(string? sweepId, long after, int limit, CancellationToken cancellationToken) => throw new NotImplementedException();
}
