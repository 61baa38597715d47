using System.Collections.Immutable;
using Npgsql;
using SweepCluster.Engine.Jobs;
using SweepCluster.Graphs;

namespace SweepCluster.Engine.Stores.Postgres;

/// <summary>
/// The store of many silos: PostgreSQL 15 or newer. Committed means on the server's disk. Leases go by the server's clock, so silos' clocks do not matter;
/// claims pass over rows that another silo is claiming; calls that come together share a transaction.
/// </summary>
public sealed partial class PostgresStore : ISweepStore
{
    private const int MostInBatch = 1000;
    private const int MostAppended = 5000; // in one statement
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(10); // a server that is away is not waited for longer

    private readonly PostgresDatabase _database;
    private readonly PostgresChanges _changes;
    private readonly TimeProvider _time;
    private readonly Batcher<ClaimRequest, ImmutableArray<Claim>> _claiming;
    private readonly Batcher<Recording, RecordOutcome> _recording;

    /// <summary>A store on an opened database, which must be disposed of after it.</summary>
    /// <param name="database">The database.</param>
    /// <param name="time">The clock, for pauses before a lost connection is taken up again.</param>
    public PostgresStore(PostgresDatabase database, TimeProvider time)
    {
        _database = database;
        _time = time;
        _changes = new PostgresChanges(database, time);
        _claiming = new(ClaimAsync, MostInBatch);
        _recording = new(RecordAsync, MostInBatch);
    }

    /// <inheritdoc/>
    /// <exception cref="BadInputException">The sweep's texts hold a character that no database takes.</exception>
    public async Task<bool> AddSweepAsync(SweepRecord sweep, SweepControl control, IReadOnlyList<Job> jobs, CancellationToken cancellationToken)
    {
        if (!StoredText.IsStorable(sweep.Name) || !StoredText.IsStorable(sweep.Spec) || !StoredText.IsStorable(sweep.Request))
        {
            throw new BadInputException($"sweep '{OneLine.Of(sweep.Name)}': found a NUL or half a character in its name or spec, expected text.");
        }

        bool added = await _database.RunAsync(
            async (connection, token) =>
            {
                List<int> number = await connection.QueryAsync(
                    $"""
                    INSERT INTO sweep.sweeps (id, name, spec, model_hash, data_hash, version, request, shared_bytes, slot_bytes, runs_command, {ControlColumns})
                    VALUES ($1, $2, $3, $4, $5::text, $6, $7, $8, $9, $10, $11, $12, $13, $14::interval, $15::text)
                    ON CONFLICT (id) DO NOTHING RETURNING number
                    """,
                    [
                        sweep.Id, sweep.Name, sweep.Spec, sweep.ModelHash, sweep.DataHash, sweep.Version, sweep.Request,
                        sweep.Needs.SharedBytes, sweep.Needs.SlotBytes, sweep.Needs.RunsCommand, .. ControlValues(control.OnOneLine()),
                    ],
                    row => row.GetInt32(0), token);
                if (number.Count == 0)
                {
                    return false;
                }

                await AppendAsync(connection, sweep.Id, number[0], 0, jobs, token);
                await _changes.NotifyAsync(connection, token);
                await TellAsync(connection, [new News(StoreEventKind.Submitted, sweep.Id, EventText.Submitted(sweep.Name, control))], token);
                return true;
            },
            cancellationToken);
        if (added)
        {
            _changes.Announce();
            return true;
        }

        SweepRecord held = (await ReadSweepsAsync("WHERE id = $1", [sweep.Id], cancellationToken)).Single();
        return held with { Request = sweep.Request, Needs = sweep.Needs } == sweep ? false : throw new StoreConflictException(
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
                LockedSweep sweep = await LockAsync(connection, sweepId, null, 0, token) ?? throw Unknown(sweepId);
                CheckPlace(sweepId, sweep.Jobs, expectedSequence);
                await AppendAsync(connection, sweepId, sweep.Number, expectedSequence, jobs, token);
                return true;
            },
            cancellationToken);
        _changes.Announce();
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<QueuedJob>> ReadJobsAsync(string sweepId, long from, int limit, CancellationToken cancellationToken) => [.. await _database.QueryAsync(
        """
        SELECT j.sequence, j.kind, j.key, j.payload, j.subject FROM sweep.jobs j
        WHERE j.sweep = (SELECT number FROM sweep.sweeps WHERE id = $1) AND j.sequence >= $2 ORDER BY j.sequence LIMIT $3
        """,
        [sweepId, from, limit], row => new QueuedJob(row.GetInt64(0), ReadJob(row, 1)), cancellationToken)];

    /// <inheritdoc/>
    public Task<RecordOutcome> TryRecordAsync(Claim claim, JobResult result, IReadOnlyList<Job> proposals, CancellationToken cancellationToken) =>
        _recording.AddAsync(new Recording(claim, result.OnOneLine(), proposals)).WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<ImmutableArray<RecordedResult>> ReadResultsAsync(string sweepId, long after, int limit, CancellationToken cancellationToken) => [.. await _database.QueryAsync(
        """
        SELECT r.sequence, r.job, r.payload, r.failure, j.kind, j.key, j.payload, j.subject
        FROM sweep.results r CROSS JOIN LATERAL (SELECT * FROM sweep.jobs j WHERE j.sweep = r.sweep AND j.sequence = r.job LIMIT 1) j
        WHERE r.sweep = (SELECT number FROM sweep.sweeps WHERE id = $1) AND r.sequence > $2 ORDER BY r.sequence LIMIT $3
        """,
        [sweepId, after, limit], ReadResult, cancellationToken)];

    /// <inheritdoc/>
    public async Task<ImmutableArray<ResultOrigin>> ReadOriginsAsync(string sweepId, long after, int limit, CancellationToken cancellationToken) => [.. await _database.QueryAsync(
        """
        SELECT r.sequence, r.job, j.kind, j.key, r.silo, r.epoch, r.recorded, r.took
        FROM sweep.results r JOIN sweep.jobs j ON j.sweep = r.sweep AND j.sequence = r.job
        WHERE r.sweep = (SELECT number FROM sweep.sweeps WHERE id = $1) AND r.sequence > $2 ORDER BY r.sequence LIMIT $3
        """,
        [sweepId, after, limit],
        row => new ResultOrigin(
            row.GetInt64(0), row.GetInt64(1), Enum.Parse<JobKind>(row.GetString(2)), row.GetString(3), row.GetString(4), row.GetInt64(5),
            row.GetFieldValue<DateTimeOffset>(6), row.IsDBNull(7) ? null : row.GetFieldValue<TimeSpan>(7)),
        cancellationToken)];

    /// <inheritdoc/>
    public async Task<ImmutableArray<RecordedResult>> FindResultsAsync(string subject, CancellationToken cancellationToken) => [.. await _database.QueryAsync(
        """
        SELECT r.sequence, r.job, r.payload, r.failure, j.kind, j.key, j.payload, j.subject
        FROM sweep.jobs j JOIN sweep.results r ON r.sweep = j.sweep AND r.job = j.sequence WHERE j.subject = $1 AND r.failure IS NULL
        UNION ALL SELECT r.sequence, r.job, r.payload, r.failure, j.kind, j.key, j.payload, j.subject
        FROM sweep.jobs j JOIN sweep.results r ON r.sweep = j.sweep AND r.job = j.sequence WHERE j.key = $1 AND j.subject IS NULL AND r.failure IS NULL
        """,
        [subject], ReadResult, cancellationToken)];

    /// <inheritdoc/>
    public async Task<SweepStatus> ReadStatusAsync(string sweepId, CancellationToken cancellationToken) => (await _database.QueryAsync(
        """
        SELECT s.jobs, s.results,
            (SELECT count(*) FROM sweep.leases l WHERE l.sweep = s.number AND (l.leased_until > clock_timestamp() OR l.copy_until > clock_timestamp())), phase, priority, max_attempts, time_limit, reason,
            (SELECT count(*) FROM sweep.results r WHERE r.sweep = s.number AND r.failure IS NOT NULL), s.added
        FROM sweep.sweeps s WHERE s.id = $1
        """,
        [sweepId],
        row => new SweepStatus(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)) { Control = ReadControl(row, 3), Failures = row.GetInt64(8), Added = row.GetFieldValue<DateTimeOffset>(9) },
        cancellationToken)).FirstOrDefault() ?? throw Unknown(sweepId);

    /// <inheritdoc/>
    public Task<long> WaitForChangeAsync(long seen, CancellationToken cancellationToken) => _changes.WaitAsync(seen, cancellationToken);

    /// <summary>Waits for what is on its way, gives back what was claimed for nobody, and stops listening. Where the server does not answer, such leases end by themselves.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await DrainAsync().WaitAsync(s_farewell, _time);
        }
        catch (TimeoutException)
        {
        }

        await _changes.DisposeAsync();

        async Task DrainAsync()
        {
            await Task.WhenAll(_recording.Drained, _claiming.Drained);
            await Task.WhenAll(_givingBack.Keys);
        }
    }

    private static ArgumentException Unknown(string sweepId) => new($"No sweep has the id {sweepId}.", nameof(sweepId));

    // Kind, key, payload, subject.
    private static Job ReadJob(NpgsqlDataReader row, int column)
    {
        Job job = new(Enum.Parse<JobKind>(row.GetString(column)), row.GetString(column + 1), row.GetString(column + 2));
        return row.TextOrNull(column + 3) is { } subject ? job with { Subject = subject } : job;
    }

    private static RecordedResult ReadResult(NpgsqlDataReader row) =>
        new(row.GetInt64(0), row.GetInt64(1), ReadJob(row, 4), new JobResult(row.TextOrNull(2), row.TextOrNull(3)));

    private static object[] ClaimColumns(IReadOnlyList<Claim> claims) =>
    [
        claims.Select(claim => claim.Life).ToArray(), claims.Select(claim => claim.Sequence).ToArray(),
        claims.Select(claim => claim.Epoch).ToArray(), claims.Select(claim => claim.Silo).ToArray(),
    ];

    private async Task<ImmutableArray<SweepRecord>> ReadSweepsAsync(string where, object?[] parameters, CancellationToken cancellationToken) => [.. await _database.QueryAsync(
        $"SELECT id, name, spec, model_hash, data_hash, version, request, shared_bytes, slot_bytes, runs_command FROM sweep.sweeps {where} ORDER BY number",
        parameters,
        row => new SweepRecord(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.TextOrNull(4), row.GetString(5), row.GetString(6))
        {
            Needs = new SweepNeeds(row.GetInt64(7), row.GetInt64(8), row.GetBoolean(9)),
        },
        cancellationToken)];

    private static void CheckPlace(string sweepId, long jobs, long expectedSequence)
    {
        if (jobs != expectedSequence)
        {
            throw new StoreConflictException($"sweep {sweepId}: found {jobs} jobs, expected {expectedSequence}; another coordinator was first.");
        }
    }

    private static async Task AppendAsync(
        NpgsqlConnection connection, string sweepId, int number, long sequence, IReadOnlyList<Job> jobs, CancellationToken cancellationToken)
    {
        try
        {
            foreach (Job[] part in jobs.Chunk(MostAppended))
            {
                await connection.ExecuteAsync(
                    """
                    WITH new AS (
                        INSERT INTO sweep.jobs (sweep, sequence, kind, key, payload, subject)
                        SELECT $1, $2 + c.place - 1, c.kind, c.key, c.payload, nullif(c.subject, c.key)
                        FROM unnest($3::text[], $4::text[], $5::text[], $6::text[]) WITH ORDINALITY AS c (kind, key, payload, subject, place)
                        RETURNING sweep, sequence, kind = $7 AS coordinates)
                    INSERT INTO sweep.queue (sweep, sequence, coordinates) SELECT sweep, sequence, coordinates FROM new
                    """,
                    [
                        number, sequence, part.Select(job => job.Kind.ToString()).ToArray(), part.Select(job => job.Key).ToArray(),
                        part.Select(job => job.Payload).ToArray(), part.Select(job => job.Subject).ToArray(), JobKind.Coordinate.ToString(),
                    ],
                    cancellationToken);
                sequence += part.Length;
            }
        }
        catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            throw new StoreConflictException($"sweep {sweepId}: found a second job with the same key, expected one ({taken.Detail}).");
        }

        await connection.ExecuteAsync("UPDATE sweep.sweeps SET jobs = jobs + $2 WHERE number = $1", [number, (long)jobs.Count], cancellationToken);
    }
}
