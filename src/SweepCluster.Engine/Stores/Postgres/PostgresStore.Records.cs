using Npgsql;
using SweepCluster.Engine.Jobs;

namespace SweepCluster.Engine.Stores.Postgres;

public sealed partial class PostgresStore
{
    /// <summary>A sweep whose row this transaction holds: nobody else appends or records in it meanwhile.</summary>
    private sealed record LockedSweep(int Number, long Jobs, long Results);

    /// <summary>What the store has of a job that somebody wants to record.</summary>
    private sealed record JobState(string Key, long Epoch, JobResult? Result);

    /// <summary>Records a batch. Coordinators' results go one by one, so that a conflict of one leaves the others alone.</summary>
    private async Task RecordAsync(IReadOnlyList<Batcher<Recording, RecordOutcome>.Entry> batch)
    {
        foreach (var coordinator in batch.Where(entry => entry.Item.Proposals.Count > 0))
        {
            await RecordTogetherAsync([coordinator]);
        }

        await RecordTogetherAsync([.. batch.Where(entry => entry.Item.Proposals.Count == 0)]);
    }

    private async Task RecordTogetherAsync(Batcher<Recording, RecordOutcome>.Entry[] entries)
    {
        if (entries.Length == 0)
        {
            return;
        }

        try
        {
            Recording[] recordings = [.. entries.Select(entry => entry.Item)];
            Func<RecordOutcome>[] outcomes = await _database.RunAsync((connection, token) => RecordAsync(connection, recordings, token), CancellationToken.None);
            _changes.Announce();
            for (int i = 0; i < entries.Length; i++)
            {
                Complete(entries[i], outcomes[i]);
            }
        }
        catch (Exception error)
        {
            Array.ForEach(entries, entry => entry.Completion.TrySetException(error));
        }
    }

    private static void Complete(Batcher<Recording, RecordOutcome>.Entry entry, Func<RecordOutcome> outcome)
    {
        try
        {
            entry.Completion.SetResult(outcome());
        }
        catch (Exception error) when (error is ResultConflictException or ArgumentException)
        {
            entry.Completion.SetException(error);
        }
    }

    private async Task<Func<RecordOutcome>[]> RecordAsync(NpgsqlConnection connection, Recording[] recordings, CancellationToken cancellationToken)
    {
        Dictionary<string, LockedSweep> sweeps = await LockAsync(connection, [.. recordings.Select(recording => recording.Claim.SweepId).Distinct()], cancellationToken);
        Dictionary<(string, long), JobState> states = await ReadStatesAsync(connection, recordings, cancellationToken);
        Func<RecordOutcome>[] outcomes = new Func<RecordOutcome>[recordings.Length];
        List<Recording> fresh = [];
        for (int i = 0; i < recordings.Length; i++)
        {
            (Claim claim, JobResult result, _) = recordings[i];
            JobState? state = states.GetValueOrDefault((claim.SweepId, claim.Sequence));
            if (state is null || state.Key != claim.Job.Key || claim.Epoch > state.Epoch)
            {
                outcomes[i] = () => throw new ArgumentException(
                    $"Sweep {claim.SweepId} never gave out job {claim.Sequence} with the key {claim.Job.Key} at epoch {claim.Epoch}.", nameof(recordings));
            }
            else if (state.Result is { } first)
            {
                outcomes[i] = () => Compare(claim, first, result);
            }
            else
            {
                outcomes[i] = () => RecordOutcome.Recorded;
                states[(claim.SweepId, claim.Sequence)] = state with { Result = result };
                fresh.Add(recordings[i]);
            }
        }

        if (fresh.Count > 0)
        {
            await InsertAsync(connection, fresh, sweeps, cancellationToken);
            await _changes.NotifyAsync(connection, cancellationToken);
        }

        return outcomes;
    }

    private static RecordOutcome Compare(Claim claim, JobResult first, JobResult second) => first == second ? RecordOutcome.Superseded : throw new ResultConflictException(
        $"sweep {claim.SweepId}, job {claim.Sequence} ({claim.Job.Kind} {claim.Job.Key}), epoch {claim.Epoch} on {claim.Silo}: found another result than the recorded one, expected the same bytes.");

    private static async Task<Dictionary<string, LockedSweep>> LockAsync(NpgsqlConnection connection, string[] ids, CancellationToken cancellationToken) =>
        (await connection.QueryAsync(
            "SELECT id, number, jobs, results FROM sweep.sweeps WHERE id = ANY ($1) ORDER BY number FOR UPDATE",
            [ids], row => (Id: row.GetString(0), Sweep: new LockedSweep(row.GetInt32(1), row.GetInt64(2), row.GetInt64(3))), cancellationToken))
        .ToDictionary(entry => entry.Id, entry => entry.Sweep, StringComparer.Ordinal);

    // A statement of its own after the lock: it must see what whoever held the lock before committed.
    private static async Task<Dictionary<(string, long), JobState>> ReadStatesAsync(
        NpgsqlConnection connection, Recording[] recordings, CancellationToken cancellationToken)
    {
        Claim[] claims = [.. recordings.Select(recording => recording.Claim).DistinctBy(claim => (claim.SweepId, claim.Sequence))];
        return (await connection.QueryAsync(
            """
            SELECT c.id, c.sequence, j.key, coalesce(q.epoch, r.epoch), r.job IS NOT NULL, r.payload, r.failure
            FROM unnest($1::text[], $2::bigint[]) AS c (id, sequence)
            JOIN sweep.sweeps s ON s.id = c.id
            JOIN sweep.jobs j ON j.sweep = s.number AND j.sequence = c.sequence
            LEFT JOIN sweep.queue q ON q.sweep = s.number AND q.sequence = c.sequence
            LEFT JOIN sweep.results r ON r.sweep = s.number AND r.job = c.sequence
            """,
            [claims.Select(claim => claim.SweepId).ToArray(), claims.Select(claim => claim.Sequence).ToArray()],
            row => (Key: (row.GetString(0), row.GetInt64(1)), State: new JobState(
                row.GetString(2), row.GetInt64(3), row.GetBoolean(4) ? new JobResult(row.TextOrNull(5), row.TextOrNull(6)) : null)),
            cancellationToken))
            .ToDictionary(entry => entry.Key, entry => entry.State);
    }

    private static async Task InsertAsync(
        NpgsqlConnection connection, List<Recording> fresh, Dictionary<string, LockedSweep> sweeps, CancellationToken cancellationToken)
    {
        foreach (IGrouping<string, Recording> group in fresh.GroupBy(recording => recording.Claim.SweepId))
        {
            LockedSweep sweep = sweeps[group.Key];
            Recording[] recordings = [.. group];
            await connection.ExecuteAsync(
                """
                WITH done AS (
                    DELETE FROM sweep.queue q USING unnest($2::bigint[]) AS c (job) WHERE q.sweep = $1 AND q.sequence = c.job RETURNING q.sequence, q.epoch)
                INSERT INTO sweep.results (sweep, sequence, job, epoch, silo, payload, failure)
                SELECT $1, $3 + c.place, c.job, d.epoch, c.silo, c.payload, c.failure
                FROM unnest($2::bigint[], $4::text[], $5::text[], $6::text[]) WITH ORDINALITY AS c (job, silo, payload, failure, place)
                JOIN done d ON d.sequence = c.job
                """,
                [
                    sweep.Number, recordings.Select(recording => recording.Claim.Sequence).ToArray(), sweep.Results,
                    recordings.Select(recording => recording.Claim.Silo).ToArray(),
                    recordings.Select(recording => recording.Result.Payload).ToArray(), recordings.Select(recording => recording.Result.Failure).ToArray(),
                ],
                cancellationToken);
            await connection.ExecuteAsync("UPDATE sweep.sweeps SET results = results + $2 WHERE number = $1", [sweep.Number, (long)recordings.Length], cancellationToken);
            foreach (Recording coordinator in recordings.Where(recording => recording.Proposals.Count > 0))
            {
                CheckPlace(group.Key, sweep, coordinator.Claim.Sequence + 1);
                await AppendAsync(connection, group.Key, sweep.Number, sweep.Jobs, coordinator.Proposals, cancellationToken);
            }
        }
    }

    private static void CheckPlace(string sweepId, LockedSweep sweep, long expectedSequence)
    {
        if (sweep.Jobs != expectedSequence)
        {
            throw new StoreConflictException($"sweep {sweepId}: found {sweep.Jobs} jobs, expected {expectedSequence}; another coordinator was first.");
        }
    }

    private static async Task AppendAsync(
        NpgsqlConnection connection, string sweepId, int number, long sequence, IReadOnlyList<Job> jobs, CancellationToken cancellationToken)
    {
        try
        {
            await connection.ExecuteAsync(
                """
                WITH new AS (
                    INSERT INTO sweep.jobs (sweep, sequence, kind, key, payload)
                    SELECT $1, $2 + c.place - 1, c.kind, c.key, c.payload
                    FROM unnest($3::text[], $4::text[], $5::text[]) WITH ORDINALITY AS c (kind, key, payload, place)
                    RETURNING sweep, sequence, kind = $6 AS coordinates)
                INSERT INTO sweep.queue (sweep, sequence, coordinates) SELECT sweep, sequence, coordinates FROM new
                """,
                [
                    number, sequence, jobs.Select(job => job.Kind.ToString()).ToArray(), jobs.Select(job => job.Key).ToArray(),
                    jobs.Select(job => job.Payload).ToArray(), JobKind.Coordinate.ToString(),
                ],
                cancellationToken);
        }
        catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            throw new StoreConflictException($"sweep {sweepId}: found a second job with the same key, expected one ({taken.Detail}).");
        }

        await connection.ExecuteAsync("UPDATE sweep.sweeps SET jobs = jobs + $2 WHERE number = $1", [number, (long)jobs.Count], cancellationToken);
    }
}
