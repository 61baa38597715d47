using System.Collections.Concurrent;
using System.Collections.Immutable;
using Npgsql;

namespace SweepCluster.Engine.Stores.Postgres;

public sealed partial class PostgresStore
{
    // $1 to $6 of every statement that looks for sweeps: a filter's values.
    private const string Admitted =
        """
        s.phase = 'Running' AND s.jobs > s.results AND ($1::text IS NULL OR s.id = $1) AND ($2::text IS NULL OR s.version = $2) AND s.id <> ALL ($3::text[])
            AND ($4::integer IS NULL OR (s.shared_bytes + $4::numeric * s.slot_bytes <= $5 AND ($6 OR NOT s.runs_command)))
        """;

    private const string Candidates =
        $"""
        SELECT s.number, s.id, {ControlColumns}, EXISTS (SELECT FROM sweep.leases WHERE {RanOut})
        FROM sweep.sweeps s WHERE {Admitted} ORDER BY s.number
        """;

    private const string HeldCounts =
        "SELECT sweep, count(*) FROM sweep.leases WHERE sweep = ANY ($1) AND leased_until > clock_timestamp() GROUP BY sweep";

    // The rows are locked one by one in order, and rows that another silo is claiming are passed over: two silos never wait for each other.
    private const string Take =
        """
        WITH owner AS MATERIALIZED (SELECT number FROM sweep.sweeps WHERE number = $1 AND phase = 'Running' FOR KEY SHARE),
        free AS MATERIALIZED (
            SELECT q.ctid AS place FROM sweep.queue q
            WHERE q.sweep = (SELECT number FROM owner) AND (q.not_before IS NULL OR q.not_before <= clock_timestamp())
                AND NOT (q.coordinates AND (EXISTS (SELECT FROM sweep.queue b WHERE b.sweep = q.sweep AND b.sequence < q.sequence)
                    OR EXISTS (SELECT FROM sweep.leases b WHERE b.sweep = q.sweep AND b.sequence < q.sequence)))
            ORDER BY q.sequence LIMIT $2 FOR UPDATE OF q SKIP LOCKED),
        taken AS (
            DELETE FROM sweep.queue q USING free f WHERE q.ctid = f.place
            RETURNING q.sweep, q.sequence, q.coordinates, q.epoch + 1 AS epoch, q.attempts, q.last_error),
        held AS (
            INSERT INTO sweep.leases (sweep, sequence, coordinates, epoch, silo, claimed, leased_until, attempts, last_error)
            SELECT sweep, sequence, coordinates, epoch, $3, clock_timestamp(), clock_timestamp() + $4, attempts, last_error FROM taken)
        SELECT t.sequence, t.epoch, t.attempts, t.last_error, j.kind, j.key, j.payload, j.subject
        FROM taken t JOIN sweep.jobs j ON j.sweep = t.sweep AND j.sequence = t.sequence
        """;

    private readonly ConcurrentDictionary<Task, bool> _givingBack = []; // what nobody waits for any more

    /// <inheritdoc/>
    public async Task<ImmutableArray<Claim>> ClaimAsync(ClaimFilter filter, string silo, int limit, TimeSpan lease, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Task<ImmutableArray<Claim>> claiming = _claiming.AddAsync(new ClaimRequest(filter, silo, limit, lease));
        try
        {
            return await claiming.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (!claiming.IsCompleted)
        {
            Task givingBack = GiveBackAsync(claiming);
            _givingBack[givingBack] = true;
            _ = givingBack.ContinueWith(given => _givingBack.TryRemove(given, out _), TaskScheduler.Default);
            throw;
        }
    }

    /// <summary>Gives back what nobody waits for any more. Where that fails, its lease ends by itself.</summary>
    private async Task GiveBackAsync(Task<ImmutableArray<Claim>> claiming)
    {
        await claiming.ContinueWith(static _ => { }, TaskScheduler.Default);
        if (claiming.IsCompletedSuccessfully && !claiming.Result.IsEmpty)
        {
            await ReleaseAsync(claiming.Result, CancellationToken.None).ContinueWith(static _ => { }, TaskScheduler.Default);
        }
    }

    /// <summary>Claims for all callers of a batch, together for those that ask alike.</summary>
    private async Task ClaimAsync(IReadOnlyList<Batcher<ClaimRequest, ImmutableArray<Claim>>.Entry> batch)
    {
        foreach (var alike in batch.GroupBy(entry => entry.Item with { Limit = 0 }))
        {
            Queue<Claim> claims = new(await ClaimAsync(alike.Key with { Limit = alike.Sum(entry => entry.Item.Limit) }));
            foreach (var entry in alike)
            {
                ImmutableArray<Claim>.Builder share = ImmutableArray.CreateBuilder<Claim>();
                while (share.Count < entry.Item.Limit && claims.TryDequeue(out Claim? claim))
                {
                    share.Add(claim);
                }

                entry.Completion.SetResult(share.ToImmutable());
            }
        }
    }

    private async Task<List<Claim>> ClaimAsync(ClaimRequest request)
    {
        (List<Claim> claims, bool late) = await _database.RunAsync((connection, token) => ClaimAsync(connection, request, mayBeLate: true, token), CancellationToken.None);
        if (late)
        {
            await EndLateLeasesAsync(CancellationToken.None);
            (claims, _) = await _database.RunAsync((connection, token) => ClaimAsync(connection, request, mayBeLate: false, token), CancellationToken.None);
        }

        return claims;
    }

    /// <summary>Claims, or finds that leases ran out, which are to be ended first.</summary>
    private static async Task<(List<Claim> Claims, bool Late)> ClaimAsync(NpgsqlConnection connection, ClaimRequest request, bool mayBeLate, CancellationToken cancellationToken)
    {
        List<(OpenSweep Sweep, bool Late)> candidates = await connection.QueryAsync(
            Candidates, FilterValues(request.Filter), row => (new OpenSweep(row.GetInt32(0), row.GetString(1), ReadControl(row, 2)), row.GetBoolean(7)), cancellationToken);
        if (mayBeLate && candidates.Any(candidate => candidate.Late))
        {
            return ([], true);
        }

        List<Claim> claims = [];
        foreach (var level in candidates.Select(candidate => candidate.Sweep).GroupBy(sweep => sweep.Control.Priority).OrderByDescending(level => level.Key))
        {
            List<OpenSweep> open = [.. level];
            await CountHeldAsync(connection, open, cancellationToken);
            while (open.Count > 0 && claims.Count < request.Limit)
            {
                foreach ((OpenSweep sweep, int share) in ClaimShares.Split(open, sweep => sweep.Held, request.Limit - claims.Count))
                {
                    List<Claim> taken = await TakeAsync(connection, sweep, share, request, cancellationToken);
                    claims.AddRange(taken);
                    sweep.Held += taken.Count;
                    if (taken.Count < share)
                    {
                        open.Remove(sweep); // nothing more of it is free; the others share the rest
                    }
                }
            }
        }

        return (claims, false);
    }

    /// <summary>Who shares is given evenly; who is alone is not counted.</summary>
    private static async Task CountHeldAsync(NpgsqlConnection connection, List<OpenSweep> sweeps, CancellationToken cancellationToken)
    {
        if (sweeps.Count > 1)
        {
            Dictionary<int, long> held = (await connection.QueryAsync(
                HeldCounts, [sweeps.Select(sweep => sweep.Number).ToArray()], row => (Sweep: row.GetInt32(0), Count: row.GetInt64(1)), cancellationToken))
                .ToDictionary(entry => entry.Sweep, entry => entry.Count);
            sweeps.ForEach(sweep => sweep.Held = held.GetValueOrDefault(sweep.Number));
        }
    }

    private static async Task<List<Claim>> TakeAsync(NpgsqlConnection connection, OpenSweep sweep, int most, ClaimRequest request, CancellationToken cancellationToken)
    {
        List<Claim> claims = await connection.QueryAsync(
            Take, [sweep.Number, most, request.Silo, request.Lease],
            row => new Claim(sweep.Id, row.GetInt64(0), ReadJob(row, 4), row.GetInt64(1), request.Silo)
            {
                Life = sweep.Number,
                Attempts = row.GetInt32(2),
                LastError = row.TextOrNull(3),
                MaxAttempts = sweep.Control.MaxAttempts,
                TimeLimit = sweep.Control.TimeLimit,
            },
            cancellationToken);
        claims.Sort((one, other) => one.Sequence.CompareTo(other.Sequence));
        return claims;
    }

    private static object?[] FilterValues(ClaimFilter filter) =>
    [
        filter.SweepId, filter.Version, filter.Except.ToArray(), filter.Capacity?.Slots, filter.Capacity?.MemoryBytes, filter.Capacity?.AllowsCommands,
    ];

    /// <summary>A sweep that may have jobs to give out.</summary>
    private sealed class OpenSweep(int number, string id, SweepControl control)
    {
        internal int Number { get; } = number;

        internal string Id { get; } = id;

        internal SweepControl Control { get; } = control;

        /// <summary>Its leases that hold.</summary>
        internal long Held { get; set; }
    }
}
