using Npgsql;

namespace SweepCluster.Engine.Stores.Postgres;

/// <summary>Hears of changes: own ones at once, those of other silos by LISTEN. A lost connection is taken up again; whoever waits looks now and then all the same.</summary>
internal sealed class PostgresChanges : IAsyncDisposable
{
    /// <summary>The channel of all silos.</summary>
    internal const string Channel = "sweep_changed";
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private readonly PostgresDatabase _database;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly ChangeSignal _signal = new();
    private readonly Task _listening;

    /// <summary>Starts to listen.</summary>
    internal PostgresChanges(PostgresDatabase database, TimeProvider time)
    {
        _database = database;
        _time = time;
        _listening = ListenAsync(_stop.Token);
    }

    /// <summary>What own messages carry.</summary>
    internal string Self { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Tells the others, when the transaction that this belongs to is committed.</summary>
    internal Task NotifyAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.ExecuteAsync("SELECT pg_notify($1, $2)", [Channel, Self], cancellationToken);

    /// <summary>Wakes whoever waits here.</summary>
    internal void Announce() => _signal.Announce();

    /// <summary>Waits until something changed since <paramref name="seen"/>.</summary>
    internal Task<long> WaitAsync(long seen, CancellationToken cancellationToken) => _signal.WaitAsync(seen, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _listening;
        _stop.Dispose();
    }

    private async Task ListenAsync(CancellationToken stop)
    {
        bool missed = false;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await ListenOnceAsync(missed, stop);
            }
            catch (Exception error) when (stop.IsCancellationRequested || error is NpgsqlException or IOException or TimeoutException or System.Net.Sockets.SocketException)
            {
                missed = true; // heard by the next look at the store, at the latest when the connection stands again
            }

            await Task.Delay(s_pause, _time, stop).ContinueWith(static _ => { }, TaskScheduler.Default);
        }
    }

    private async Task ListenOnceAsync(bool missed, CancellationToken stop)
    {
        await using NpgsqlConnection connection = await _database.ConnectAsync(stop);
        connection.Notification += (_, message) =>
        {
            if (message.Payload != Self)
            {
                Announce();
            }
        };
        await connection.ExecuteAsync($"LISTEN {Channel}", [], stop);
        if (missed)
        {
            Announce();
        }

        while (true)
        {
            await connection.WaitAsync(stop);
        }
    }
}
