using System.Runtime.ExceptionServices;
using Npgsql;

namespace SweepCluster.Engine.Stores.Postgres;

public sealed partial class PostgresStore
{
    private const string ControlColumns = "phase, priority, max_attempts, time_limit, reason";

    /// <inheritdoc/>
    public async Task<SweepControl> ChangeAsync(string sweepId, Func<SweepControl, SweepControl> change, CancellationToken cancellationToken)
    {
        await EndLateLeasesAsync(cancellationToken); // what was lost before the change is not counted after it
        (SweepControl? control, ExceptionDispatchInfo? error) = await _database.RunAsync((connection, token) => ChangeAsync(connection, sweepId, change, token), cancellationToken);
        error?.Throw();
        _changes.Announce();
        return control!;
    }

    /// <inheritdoc/>
    public async Task RemoveSweepAsync(string sweepId, CancellationToken cancellationToken)
    {
        await _database.RunAsync((connection, token) => RemoveAsync(connection, sweepId, token), cancellationToken);
        _changes.Announce();
    }

    // An error of the caller's function is carried out by hand: it may be of a kind that the database takes for a passing one.
    private async Task<(SweepControl?, ExceptionDispatchInfo?)> ChangeAsync(
        NpgsqlConnection connection, string sweepId, Func<SweepControl, SweepControl> change, CancellationToken cancellationToken)
    {
        List<(int Number, string Name, SweepControl Control)> found = await connection.QueryAsync(
            $"SELECT number, name, {ControlColumns} FROM sweep.sweeps WHERE id = $1 FOR NO KEY UPDATE", [sweepId], row => (row.GetInt32(0), row.GetString(1), ReadControl(row, 2)), cancellationToken);
        if (found.Count == 0)
        {
            return (null, ExceptionDispatchInfo.Capture(Unknown(sweepId)));
        }

        (int number, string name, SweepControl before) = found[0];
        SweepControl after;
        try
        {
            after = change(before).OnOneLine();
        }
        catch (Exception error)
        {
            return (null, ExceptionDispatchInfo.Capture(error));
        }

        if (after == before)
        {
            return (after, null);
        }

        await connection.ExecuteAsync(
            "UPDATE sweep.sweeps SET phase = $2, priority = $3, max_attempts = $4, time_limit = $5::interval, reason = $6::text WHERE number = $1",
            [number, .. ControlValues(after)], cancellationToken);
        if (after.Phase == SweepPhase.Running && before.Phase != SweepPhase.Running)
        {
            await connection.ExecuteLongAsync(
                "UPDATE sweep.queue SET attempts = 0, last_error = NULL, not_before = NULL WHERE sweep = $1 AND attempts > 0", [number], cancellationToken);
            await connection.ExecuteAsync("UPDATE sweep.leases SET attempts = 0, last_error = NULL WHERE sweep = $1 AND attempts > 0", [number], cancellationToken);
        }

        await _changes.NotifyAsync(connection, cancellationToken);
        await TellAsync(connection, [new News(StoreEventKind.Changed, sweepId, EventText.Changed(name, before, after))], cancellationToken);
        return (after, null);
    }

    private async Task<bool> RemoveAsync(NpgsqlConnection connection, string sweepId, CancellationToken cancellationToken)
    {
        // Whoever moves rows of this sweep holds it at least for key share: nobody does from here on.
        List<(int Number, string Name, SweepStatus Status)> found = await connection.QueryAsync(
            $"SELECT number, name, jobs, results, {ControlColumns} FROM sweep.sweeps WHERE id = $1 FOR UPDATE",
            [sweepId], row => (row.GetInt32(0), row.GetString(1), new SweepStatus(row.GetInt64(2), row.GetInt64(3), 0) { Control = ReadControl(row, 4) }), cancellationToken);
        if (found.Count == 0)
        {
            return false;
        }

        (int number, string name, SweepStatus status) = found[0];
        if (status.Control.Phase == SweepPhase.Running && !status.IsFinished)
        {
            throw new StoreConflictException($"sweep {sweepId}: found it running ({status.Results} of {status.Jobs} jobs done), expected it finished, paused or cancelled.");
        }

        foreach (string table in (string[])["leases", "queue", "results", "jobs"])
        {
            await connection.ExecuteLongAsync($"DELETE FROM sweep.{table} WHERE sweep = $1", [number], cancellationToken);
        }

        await connection.ExecuteAsync("DELETE FROM sweep.sweeps WHERE number = $1", [number], cancellationToken);
        await _changes.NotifyAsync(connection, cancellationToken);
        await TellAsync(connection, [new News(StoreEventKind.Removed, sweepId, EventText.Removed(name))], cancellationToken);
        return true;
    }

    private static SweepControl ReadControl(NpgsqlDataReader row, int column) => new()
    {
        Phase = Enum.Parse<SweepPhase>(row.GetString(column)),
        Priority = row.GetInt32(column + 1),
        MaxAttempts = row.GetInt32(column + 2),
        TimeLimit = row.IsDBNull(column + 3) ? null : row.GetTimeSpan(column + 3),
        Reason = row.TextOrNull(column + 4),
    };

    private static object?[] ControlValues(SweepControl control) => [control.Phase.ToString(), control.Priority, control.MaxAttempts, control.TimeLimit, control.Reason];
}
