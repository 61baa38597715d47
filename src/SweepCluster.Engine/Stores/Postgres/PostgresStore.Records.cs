using Npgsql;
using SweepCluster.Engine.Jobs;

namespace SweepCluster.Engine.Stores.Postgres;

public sealed partial class PostgresStore
{
    private const int MostTries = 20;

    // Taking the row out of leases or queue is what makes the result the first one. Rows come in the order of their sequence: all who lock several do so in this order.
    private const string Given =
        "unnest($1::integer[], $2::bigint[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[]) AS c (sweep, job, key, epoch, silo, payload, failure)";

    private const string InsertDone =
        """
        INSERT INTO sweep.results (sweep, sequence, job, epoch, silo, payload, failure, took)
        SELECT d.sweep, $8 + row_number() OVER (), d.job, d.last, d.silo, d.payload, d.failure, d.took FROM done d RETURNING job
        """;

    private const string RecordLeased =
        $"""
        WITH done AS (
            DELETE FROM sweep.leases l USING {Given} JOIN sweep.jobs j ON j.sweep = c.sweep AND j.sequence = c.job AND j.key = c.key
            WHERE l.sweep = c.sweep AND l.sequence = c.job AND c.epoch <= greatest(l.epoch, l.copy_epoch)
            RETURNING c.sweep, c.job, c.silo, c.payload, c.failure, greatest(l.epoch, l.copy_epoch) AS last,
                clock_timestamp() - CASE c.epoch WHEN l.epoch THEN l.claimed WHEN l.copy_epoch THEN l.copy_claimed END AS took)
        {InsertDone}
        """;

    private const string RecordQueued =
        $"""
        WITH done AS (
            DELETE FROM sweep.queue q USING {Given} JOIN sweep.jobs j ON j.sweep = c.sweep AND j.sequence = c.job AND j.key = c.key
            WHERE q.sweep = c.sweep AND q.sequence = c.job AND c.epoch <= q.epoch
            RETURNING c.sweep, c.job, c.silo, c.payload, c.failure, q.epoch AS last, NULL::interval AS took)
        {InsertDone}
        """;

    private const string FindRecorded =
        """
        SELECT r.job, j.key, r.epoch, r.payload, r.failure FROM unnest($1::integer[], $2::bigint[]) AS c (sweep, job)
        JOIN sweep.results r ON r.sweep = c.sweep AND r.job = c.job JOIN sweep.jobs j ON j.sweep = c.sweep AND j.sequence = c.job
        """;

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
            Dictionary<Recording, Func<RecordOutcome>> outcomes = await _database.RunAsync(
                (connection, token) => RecordAsync(connection, [.. entries.Select(entry => entry.Item)], token), CancellationToken.None);
            _changes.Announce();
            Array.ForEach(entries, entry => Complete(entry, outcomes[entry.Item]));
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
        catch (Exception error) when (error is ResultConflictException or StoreConflictException or ArgumentException)
        {
            entry.Completion.SetException(error);
        }
    }

    private async Task<Dictionary<Recording, Func<RecordOutcome>>> RecordAsync(NpgsqlConnection connection, Recording[] recordings, CancellationToken cancellationToken)
    {
        Dictionary<Recording, Func<RecordOutcome>> outcomes = new(ReferenceEqualityComparer.Instance);
        List<News> news = [];
        foreach (var sweep in recordings.GroupBy(recording => (recording.Claim.SweepId, recording.Claim.Life)).OrderBy(sweep => sweep.Key.SweepId, StringComparer.Ordinal))
        {
            await RecordAsync(connection, sweep.Key.SweepId, sweep.Key.Life, [.. sweep.OrderBy(recording => recording.Claim.Sequence)], outcomes, news, cancellationToken);
        }

        await TellAsync(connection, news, cancellationToken);
        return outcomes;
    }

    private async Task RecordAsync(
        NpgsqlConnection connection, string sweepId, long life, Recording[] recordings, Dictionary<Recording, Func<RecordOutcome>> outcomes, List<News> news,
        CancellationToken cancellationToken)
    {
        if (await LockAsync(connection, sweepId, life, recordings.Length, cancellationToken) is not { } sweep)
        {
            Array.ForEach(recordings, recording => outcomes[recording] = () => throw new StoreConflictException($"sweep {sweepId}: found that it was removed, expected one to record a result in."));
            return;
        }

        // One of each job is tried, first under a lease that holds, as most are; the others are compared with what is recorded then.
        long recorded = 0;
        Recording[] open = recordings;
        for (int attempt = 0; open.Length > 0; attempt++)
        {
            Recording[] tried = [.. open.DistinctBy(recording => recording.Claim.Sequence)];
            HashSet<long> done = [.. await connection.QueryAsync(
                attempt % 2 == 0 ? RecordLeased : RecordQueued, [.. Columns(sweep.Number, tried), sweep.Results + recorded], row => row.GetInt64(0), cancellationToken)];
            foreach (Recording recording in tried.Where(recording => done.Contains(recording.Claim.Sequence)))
            {
                outcomes[recording] = () => RecordOutcome.Recorded;
                Tell(recording, news);
            }

            recorded += done.Count;
            open = [.. open.Where(recording => !outcomes.ContainsKey(recording))];
            if (attempt % 2 == 1 && open.Length > 0)
            {
                open = await SettleAsync(connection, sweep.Number, open, outcomes, attempt >= MostTries, cancellationToken);
            }
        }

        await FinishAsync(connection, sweepId, sweep, recordings, recorded, outcomes, news, cancellationToken);
    }

    /// <summary>Finds out why results were not taken: there are some already, or the claims are none.</summary>
    /// <returns>Those that are still open: somebody claimed or gave back the job in this very moment.</returns>
    private static async Task<Recording[]> SettleAsync(
        NpgsqlConnection connection, int number, Recording[] recordings, Dictionary<Recording, Func<RecordOutcome>> outcomes, bool isLast, CancellationToken cancellationToken)
    {
        Dictionary<long, (string Key, long Epoch, JobResult Result)> states = (await connection.QueryAsync(
            FindRecorded, Columns(number, [.. recordings.DistinctBy(recording => recording.Claim.Sequence)])[..2],
            row => (Job: row.GetInt64(0), State: (row.GetString(1), row.GetInt64(2), new JobResult(row.TextOrNull(3), row.TextOrNull(4)))), cancellationToken))
            .ToDictionary(entry => entry.Job, entry => entry.State);
        List<Recording> open = [];
        foreach (Recording recording in recordings)
        {
            Claim claim = recording.Claim;
            if (states.TryGetValue(claim.Sequence, out var state) && state.Key == claim.Job.Key && claim.Epoch <= state.Epoch)
            {
                outcomes[recording] = () => Compare(claim, state.Result, recording.Result);
            }
            else if (states.ContainsKey(claim.Sequence) || isLast || !await IsGivenAsync(connection, number, claim, cancellationToken))
            {
                outcomes[recording] = () => throw new ArgumentException(
                    $"Sweep {claim.SweepId} never gave out job {claim.Sequence} with the key {claim.Job.Key} at epoch {claim.Epoch}.", nameof(recordings));
            }
            else
            {
                open.Add(recording);
            }
        }

        return [.. open];
    }

    private static async Task<bool> IsGivenAsync(NpgsqlConnection connection, int number, Claim claim, CancellationToken cancellationToken) => (await connection.QueryAsync(
        """
        SELECT 1 FROM sweep.jobs j WHERE j.sweep = $1 AND j.sequence = $2 AND j.key = $3 AND (
            EXISTS (SELECT FROM sweep.queue q WHERE q.sweep = $1 AND q.sequence = $2 AND q.epoch >= $4)
            OR EXISTS (SELECT FROM sweep.leases l WHERE l.sweep = $1 AND l.sequence = $2 AND greatest(l.epoch, l.copy_epoch) >= $4))
        """,
        [number, claim.Sequence, claim.Job.Key, claim.Epoch], row => row.GetInt32(0), cancellationToken)).Count > 0;

    private static RecordOutcome Compare(Claim claim, JobResult first, JobResult second) => !first.Contradicts(second) ? RecordOutcome.Superseded : throw new ResultConflictException(
        $"sweep {claim.SweepId}, job {claim.Sequence} ({claim.Job.Kind} {claim.Job.Key}), epoch {claim.Epoch} on {claim.Silo}: found another result than the recorded one, expected the same bytes.");

    private static void Tell(Recording recording, List<News> news)
    {
        (Claim claim, JobResult result, _) = recording;
        if (result.IsSetAside)
        {
            news.Add(new News(StoreEventKind.SetAside, claim.SweepId, EventText.SetAside(claim.Sequence, result)));
        }
    }

    /// <summary>Appends the round of a coordinator whose result is the first, and corrects the count of results.</summary>
    private static async Task FinishAsync(
        NpgsqlConnection connection, string sweepId, LockedSweep sweep, Recording[] recordings, long recorded, Dictionary<Recording, Func<RecordOutcome>> outcomes, List<News> news,
        CancellationToken cancellationToken)
    {
        if (recorded < recordings.Length)
        {
            await connection.ExecuteAsync("UPDATE sweep.sweeps SET results = results - $2 WHERE number = $1", [sweep.Number, recordings.Length - recorded], cancellationToken);
        }

        if (recorded == 0)
        {
            return;
        }

        long jobs = sweep.Jobs;
        foreach (Recording coordinator in recordings.Where(recording => recording.Proposals.Count > 0))
        {
            CheckPlace(sweepId, jobs, coordinator.Claim.Sequence + 1);
            await AppendAsync(connection, sweepId, sweep.Number, jobs, coordinator.Proposals, cancellationToken);
            jobs += coordinator.Proposals.Count;
        }

        if (sweep.Results + recorded == jobs)
        {
            news.Add(new News(StoreEventKind.Finished, sweepId, EventText.Finished(sweep.Name, jobs)));
        }
    }

    /// <summary>
    /// Takes a sweep, of one life or of whatever it is now, for this transaction, so that nobody else appends or records in it meanwhile; counts results that it is about to record, and tells the other silos.
    /// </summary>
    private async Task<LockedSweep?> LockAsync(NpgsqlConnection connection, string sweepId, long? life, long results, CancellationToken cancellationToken) => (await connection.QueryAsync(
        "UPDATE sweep.sweeps SET results = results + $2 WHERE id = $1 AND number = coalesce($5::bigint, number) RETURNING number, jobs, results - $2, name, pg_notify($3, $4)::text",
        [sweepId, results, PostgresChanges.Channel, _changes.Self, life], row => new LockedSweep(row.GetInt32(0), row.GetInt64(1), row.GetInt64(2), row.GetString(3)), cancellationToken)).FirstOrDefault();

    private static object[] Columns(int sweep, Recording[] recordings) =>
    [
        Enumerable.Repeat(sweep, recordings.Length).ToArray(),
        recordings.Select(recording => recording.Claim.Sequence).ToArray(), recordings.Select(recording => recording.Claim.Job.Key).ToArray(),
        recordings.Select(recording => recording.Claim.Epoch).ToArray(), recordings.Select(recording => recording.Claim.Silo).ToArray(),
        recordings.Select(recording => recording.Result.Payload).ToArray(), recordings.Select(recording => recording.Result.Failure).ToArray(),
    ];

    /// <summary>A sweep that this transaction holds.</summary>
    private sealed record LockedSweep(int Number, long Jobs, long Results, string Name);
}
