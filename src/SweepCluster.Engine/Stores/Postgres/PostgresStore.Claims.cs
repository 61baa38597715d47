using System.Collections.Immutable;

namespace SweepCluster.Engine.Stores.Postgres;

public sealed partial class PostgresStore
{
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
            _ = GiveBackAsync(claiming);
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

    /// <summary>Claims for all callers of a batch, with one statement for those that ask alike.</summary>
    private async Task ClaimAsync(IReadOnlyList<Batcher<ClaimRequest, ImmutableArray<Claim>>.Entry> batch)
    {
        foreach (var alike in batch.GroupBy(entry => entry.Item with { Limit = 0 }))
        {
            Queue<Claim> claims = new(await ClaimAsync(alike.Key, alike.Sum(entry => entry.Item.Limit)));
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

    private async Task<IEnumerable<Claim>> ClaimAsync(ClaimRequest request, int limit)
    {
        // The rows are locked one by one in order, and rows that another silo is claiming are passed over: two silos never wait for each other.
        List<(int Sweep, Claim Claim)> claims = await _database.QueryAsync(
            """
            WITH free AS MATERIALIZED (
                SELECT q.sweep, q.sequence, s.id FROM sweep.queue q JOIN sweep.sweeps s ON s.number = q.sweep
                WHERE (q.leased_until IS NULL OR q.leased_until <= clock_timestamp())
                    AND ($3::text IS NULL OR s.id = $3) AND ($4::text IS NULL OR s.version = $4) AND s.id <> ALL ($5::text[])
                    AND NOT (q.coordinates AND EXISTS (SELECT FROM sweep.queue b WHERE b.sweep = q.sweep AND b.sequence < q.sequence))
                ORDER BY q.sweep, q.sequence LIMIT $6 FOR UPDATE OF q SKIP LOCKED)
            UPDATE sweep.queue q SET epoch = q.epoch + 1, silo = $1, leased_until = clock_timestamp() + $2
            FROM free f JOIN sweep.jobs j ON j.sweep = f.sweep AND j.sequence = f.sequence
            WHERE q.sweep = f.sweep AND q.sequence = f.sequence
            RETURNING q.sweep, f.id, q.sequence, q.epoch, j.kind, j.key, j.payload
            """,
            [request.Silo, request.Lease, request.Filter.SweepId, request.Filter.Version, request.Filter.Except.ToArray(), limit],
            row => (row.GetInt32(0), new Claim(row.GetString(1), row.GetInt64(2), ReadJob(row, 4), row.GetInt64(3), request.Silo)),
            CancellationToken.None);
        return claims.OrderBy(entry => entry.Sweep).ThenBy(entry => entry.Claim.Sequence).Select(entry => entry.Claim);
    }
}
