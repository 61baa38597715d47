using System.Globalization;
using SweepCluster.Engine.Stores.Postgres;
using SweepCluster.Testing;
using SweepCluster.Testing.Databases;
using Xunit.Abstractions;

namespace SweepCluster.Chaos.Tests;

/// <summary>What else may happen to a cluster in mid-sweep: its database restarts, a silo freezes and comes back, a silo dies with the leases of use.</summary>
public sealed class DisturbedClusterTests(ITestOutputHelper output) : IDisposable
{
    private static readonly TimeSpan s_lease = TimeSpan.FromSeconds(2), s_usualLease = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Sweep_TheDatabaseRestartsTwice_GoesOnWithTheSameSilos()
    {
        PostgresServer server = await PostgresServer.StartAsync(durable: true);
        ChaosSweep sweep = await ChaosSweep.RunAloneAsync(_folder, seed: 100);
        string address = await server.CreateDatabaseAsync();
        using CancellationTokenSource limit = new(s_patience);
        await SubmitAsync(sweep, address);
        SiloProcess[] silos = [.. Enumerable.Range(0, 3).Select(index => new SiloProcess(address, _folder.At($"cache {index}"), s_lease, "never"))];
        try
        {
            foreach (double part in (double[])[0.25, 0.5])
            {
                await ReachAsync(address, (long)(part * sweep.Jobs), limit.Token);
                await server.PauseAsync();
                await server.ResumeAsync();
            }

            await ReachAsync(address, sweep.Jobs, limit.Token);
            Assert.All(silos, silo => Assert.False(silo.Ended.IsCompleted, silo.Output));
        }
        finally
        {
            Array.ForEach(silos, silo => silo.Dispose());
        }

        await sweep.AssertReportsAreThoseOfARunAloneAsync(address);
    }

    [Fact]
    public async Task Sweep_ASiloFreezesWithAJobAndComesBackLate_KeepsTheFirstResult()
    {
        ChaosSweep sweep = await ChaosSweep.RunAloneAsync(_folder, seed: 101);
        string address = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        using CancellationTokenSource limit = new(s_patience);
        await SubmitAsync(sweep, address);
        using SiloProcess late = new(address, _folder.At("cache 0"), s_lease, "never");
        await ReachAsync(address, 3, limit.Token); // it works
        string job;
        while (true)
        {
            late.Freeze();
            if (await FindHeldAsync(address, limit.Token) is { } held)
            {
                job = held;
                break;
            }

            late.Thaw();
            await Task.Delay(3, limit.Token); // looks again; the freeze hangs on what the silo holds, not on time
        }

        using SiloProcess other = new(address, _folder.At("cache 1"), s_lease, "never");
        while (await FindAsync(address, $"SELECT silo FROM sweep.results WHERE job = {job}", limit.Token) is null)
        {
            await Task.Delay(20, limit.Token); // until the other one has done it
        }

        late.Thaw();
        await ReachAsync(address, sweep.Jobs, limit.Token);
        Assert.False(late.Ended.IsCompleted, late.Output);
        Assert.False(other.Ended.IsCompleted, other.Output);
        Assert.Equal("2", await FindAsync(address, $"SELECT epoch::text FROM sweep.results WHERE job = {job}", limit.Token));
        await sweep.AssertReportsAreThoseOfARunAloneAsync(address);
    }

    [Fact]
    public async Task Job_ItsSiloDiesWithTheLeaseOfUse_IsClaimedByAnother()
    {
        ChaosSweep sweep = await ChaosSweep.RunAloneAsync(_folder, seed: 102);
        string address = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        using CancellationTokenSource limit = new(s_patience);
        await SubmitAsync(sweep, address);
        using SiloProcess dies = new(address, _folder.At("cache 0"), s_usualLease, "Compute:5:1");
        await dies.Ended.WaitAsync(limit.Token);
        Assert.True(dies.DiedAtItsMoment, dies.Output);
        string died = (await FindAsync(address, "SELECT clock_timestamp()::text", limit.Token))!;
        string job = (await FindHeldAsync(address, limit.Token))!;

        using SiloProcess other = new(address, _folder.At("cache 1"), s_usualLease, "never");
        await ReachAsync(address, sweep.Jobs, limit.Token);

        string? seconds = await FindAsync(address, $"SELECT extract(epoch FROM recorded - '{died}'::timestamptz)::text FROM sweep.results WHERE job = {job} AND epoch = 2", limit.Token);
        Assert.NotNull(seconds);
        output.WriteLine($"claimed again and done {double.Parse(seconds, CultureInfo.InvariantCulture):F1} s after the silo's death");
        await sweep.AssertReportsAreThoseOfARunAloneAsync(address);
    }

    private static async Task SubmitAsync(ChaosSweep sweep, string address)
    {
        await using PostgresDatabase database = await PostgresDatabase.OpenAsync(address, TimeProvider.System, default);
        await using PostgresStore store = new(database, TimeProvider.System);
        await sweep.SubmitAsync(store, database);
    }

    /// <summary>Waits until so many results are recorded.</summary>
    private static async Task ReachAsync(string address, long results, CancellationToken limit)
    {
        while (await FindAsync(address, $"SELECT 1::text FROM sweep.sweeps WHERE results >= {results}", limit) is null)
        {
            await Task.Delay(20, limit);
        }
    }

    /// <summary>A job that a silo holds which does nothing any more; not one whose result was on its way to the store.</summary>
    private static async Task<string?> FindHeldAsync(string address, CancellationToken limit)
    {
        await FindAsync(address, "SELECT id FROM sweep.sweeps FOR UPDATE", limit); // waits for a transaction that goes on without its silo
        return await FindAsync(address, "SELECT sequence::text FROM sweep.leases", limit);
    }

    // Without a pool: a connection that a restart of the server has cut would be of no use.
    private static async Task<string?> FindAsync(string address, string sql, CancellationToken limit) =>
        (await StoreQuery.ReadAsync<string>(address + ";Pooling=false", sql).WaitAsync(limit)).FirstOrDefault();
}
