using System.Globalization;
using Npgsql;
using SweepCluster.Testing.Databases;

namespace SweepCluster.EndToEnd.Tests;

/// <summary>Three silos on a database that are replaced one after the other while they work, and what the database tells of it.</summary>
internal sealed class RollingRestart : IDisposable
{
    private const int Silos = 3, AtOnce = 2;

    // Every lease that ends is noted, with a result or given back. Jobs are held back when they are proposed, and let go a few at a time: so the sweep
    // lasts as long as it takes to replace the silos, on whatever machine.
    private const string Setup = """
        CREATE TABLE public.ended (silo text NOT NULL, job bigint NOT NULL, epoch bigint NOT NULL);
        CREATE FUNCTION public.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            INSERT INTO public.ended VALUES (OLD.silo, OLD.sequence, OLD.epoch);
            RETURN OLD;
        END $$;
        CREATE TRIGGER note AFTER DELETE ON sweep.leases FOR EACH ROW EXECUTE FUNCTION public.note();
        CREATE FUNCTION public.hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            NEW.not_before := clock_timestamp() + interval '1 day';
            RETURN NEW;
        END $$;
        CREATE TRIGGER hold BEFORE INSERT ON sweep.queue FOR EACH ROW WHEN (NEW.epoch = 0 AND NEW.sequence > 5 AND NOT NEW.coordinates) EXECUTE FUNCTION public.hold();
        """;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    private readonly string _store;
    private readonly string _cache;
    private readonly List<SweepProcess> _silos = [];
    private readonly List<SweepProcess> _started = [];
    private readonly List<string> _stopped = [];

    internal RollingRestart(string store, string cache)
    {
        _store = store;
        _cache = cache;
    }

    /// <summary>Starts the silos and waits until the database knows them.</summary>
    internal async Task StartAsync()
    {
        for (int i = 0; i < Silos; i++)
        {
            _silos.Add(Silo());
        }

        await UntilAsync("SELECT count(*) FROM sweep.silos", Silos);
        await PostgresServer.ExecuteAsync(_store, Setup);
    }

    /// <summary>Replaces each silo while it holds a job, when the one before it is at work.</summary>
    /// <param name="between">Called with the number of silos that are replaced, 1 after the first.</param>
    internal async Task RollAsync(Func<int, Task> between)
    {
        for (int i = 0; i < Silos; i++)
        {
            SweepProcess old = _silos[i];
            await UntilAsync($"SELECT count(*) FROM sweep.results WHERE starts_with(silo, '{NameOf(old)}')", 1, LetGoAsync); // has had its share
            await FreezeWithAJobAsync(old);
            old.Terminate();
            old.Thaw();
            CommandLine end = await old.FinishAsync();
            Assert.True(end.ExitCode == 0, end.Error);
            Assert.EndsWith("silo: stopped; what was running is given back to the others\n", end.Error, StringComparison.Ordinal);
            _stopped.Add(NameOf(old));
            Assert.Empty(await StoreQuery.ReadAsync<long>(_store, $"SELECT sequence FROM sweep.leases WHERE starts_with(silo, '{NameOf(old)}')"));
            Assert.Empty(await StoreQuery.ReadAsync<string>(_store, $"SELECT name FROM sweep.silos WHERE starts_with(name, '{NameOf(old)}')"));

            _silos[i] = Silo();
            await UntilAsync($"SELECT count(*) FROM sweep.silos WHERE starts_with(name, '{NameOf(_silos[i])}')", 1);
            await UntilAsync($"SELECT count(*) FROM sweep.results WHERE starts_with(silo, '{NameOf(_silos[i])}')", 1, LetGoAsync);
            await between(i + 1);
        }

        await PostgresServer.ExecuteAsync(_store, "DROP TRIGGER hold ON sweep.queue");
        await LetGoAsync(int.MaxValue);
    }

    /// <summary>Stops the silos in order.</summary>
    internal async Task StopAsync()
    {
        _silos.ForEach(silo => silo.Terminate());
        foreach (SweepProcess silo in _silos)
        {
            CommandLine end = await silo.FinishAsync();
            Assert.True(end.ExitCode == 0, end.Error);
        }
    }

    /// <summary>Holds what the database tells of the sweep to what was promised.</summary>
    internal async Task AssertNothingWasLostAsync()
    {
        Assert.Equal([true], await StoreQuery.ReadAsync<bool>(
            _store, "SELECT jobs = results AND jobs = (SELECT count(DISTINCT job) FROM sweep.results) AND jobs = (SELECT count(*) FROM sweep.results) FROM sweep.sweeps"));
        Assert.Equal([0L], await StoreQuery.ReadAsync<long>(_store, "SELECT (SELECT count(*) FROM sweep.queue) + (SELECT count(*) FROM sweep.leases)"));
        Assert.Equal(
            [("Finished", 1L), ("SiloJoined", 2L * Silos), ("SiloLeft", 2L * Silos), ("Submitted", 1L)], // no AttemptFailed, SetAside or SiloLost
            await StoreQuery.ReadAsync(_store, "SELECT kind, count(*) FROM sweep.events GROUP BY kind ORDER BY kind", row => (row.GetString(0), row.GetInt64(1))));

        // Each claim that was given out ended once; one that has no result was given back, by a silo that was stopped or by one that had claimed ahead, and the job was claimed again.
        Assert.Equal([true], await StoreQuery.ReadAsync<bool>(_store, "SELECT sum(epoch)::bigint = (SELECT count(*) FROM public.ended) FROM sweep.results"));
        List<string> givenBack = await StoreQuery.ReadAsync<string>(
            _store, "SELECT e.silo FROM public.ended e WHERE NOT EXISTS (SELECT FROM sweep.results r WHERE r.job = e.job AND r.epoch = e.epoch AND r.silo = e.silo)");
        Assert.Contains(givenBack, silo => _stopped.Any(name => silo.StartsWith(name, StringComparison.Ordinal)));
        Assert.Equal(2 * Silos, (await StoreQuery.ReadAsync<string>(_store, "SELECT DISTINCT silo FROM sweep.results")).Count);
    }

    public void Dispose() => _started.ForEach(silo => silo.Dispose());

    /// <summary>How the silo's name begins.</summary>
    private static string NameOf(SweepProcess silo) => $"{Environment.MachineName}/{silo.ProcessId}/";

    private SweepProcess Silo()
    {
        SweepProcess silo = new("silo", "--store", _store, "--slots", "1", "--cache", _cache);
        _started.Add(silo);
        return silo;
    }

    /// <summary>Stops a silo in its tracks while it holds a job whose result is not on the way.</summary>
    private async Task FreezeWithAJobAsync(SweepProcess silo)
    {
        string held = $"SELECT count(*) FROM sweep.leases WHERE starts_with(silo, '{NameOf(silo)}') AND sequence > 5"; // in mid-sweep
        while (true)
        {
            await UntilAsync(held, 1, LetGoAsync);
            silo.Freeze();
            await StoreQuery.ReadAsync<int>(_store, "SELECT number FROM sweep.sweeps FOR UPDATE"); // waits for a transaction of its that goes on
            if (await CountAsync(held) > 0)
            {
                return;
            }

            silo.Thaw();
        }
    }

    private async Task UntilAsync(string count, long least, Func<int, Task>? meanwhile = null)
    {
        using CancellationTokenSource limit = new(s_patience);
        while (await CountAsync(count) < least)
        {
            if (meanwhile is not null && await CountAsync("SELECT count(*) FROM sweep.queue WHERE not_before IS NULL AND NOT coordinates") == 0)
            {
                Assert.Equal(1, await CountAsync("SELECT count(*) FROM sweep.sweeps WHERE jobs > results")); // else it is too short
                await meanwhile(AtOnce);
            }

            await Task.Delay(5, limit.Token); // looks again: what is waited for is the count, not time
        }
    }

    private Task LetGoAsync(int jobs) => PostgresServer.ExecuteAsync(_store, string.Create(CultureInfo.InvariantCulture, $"""
        UPDATE sweep.queue SET not_before = NULL WHERE sequence IN (SELECT sequence FROM sweep.queue WHERE not_before IS NOT NULL ORDER BY sequence LIMIT {jobs}) AND not_before IS NOT NULL;
        NOTIFY sweep_changed
        """));

    private async Task<long> CountAsync(string count)
    {
        try
        {
            return (await StoreQuery.ReadAsync<long>(_store, count))[0];
        }
        catch (PostgresException)
        {
            return 0; // nobody has made the tables yet
        }
    }
}
