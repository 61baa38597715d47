using System.Globalization;
using SweepCluster.Chaos.Silo;
using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Stores.Postgres;
using SweepCluster.Testing;
using SweepCluster.Testing.Databases;
using Xunit.Abstractions;

namespace SweepCluster.Chaos.Tests;

/// <summary>
/// Three silos work; whoever dies by SIGKILL is replaced, until a seeded schedule of deaths is used up. Set <c>SWEEP_CHAOS_KILLS</c> for how many deaths, a fifth of them at
/// each moment.
/// </summary>
public sealed class KilledSilosTests(ITestOutputHelper output) : IDisposable
{
    private const int Silos = 3, UsualKills = 25;
    private static readonly TimeSpan s_lease = TimeSpan.FromSeconds(2); // shorter than in use, where another test looks at it: here somebody dies every second
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(30);

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<Moment, int> _kills = Enum.GetValues<Moment>().ToDictionary(moment => moment, _ => 0);

    private static int KillsOfAMoment =>
        Math.Max(1, int.Parse(Environment.GetEnvironmentVariable("SWEEP_CHAOS_KILLS") ?? $"{UsualKills}", CultureInfo.InvariantCulture) / Enum.GetValues<Moment>().Length);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Sweeps_SilosAreKilledInTheMiddleOfEverything_RecordEachResultOnceAndReportTheSameBytes()
    {
        string address = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        await using PostgresDatabase database = await PostgresDatabase.OpenAsync(address, TimeProvider.System, default);
        await using PostgresStore store = new(database, TimeProvider.System);
        Queue<string> schedule = Schedule.Create(seed: 3, KillsOfAMoment);
        int planned = schedule.Count;
        using CancellationTokenSource limit = new(s_patience);
        SiloProcess[] silos = [.. Enumerable.Range(0, Silos).Select(index => Start(address, index, schedule))];
        try
        {
            for (int seed = 0; _kills.Values.Sum() < planned; seed++)
            {
                ChaosSweep sweep = await ChaosSweep.RunAloneAsync(_folder, seed);
                await sweep.SubmitAsync(store, database);
                await WorkAsync(store, sweep.Id, silos, address, schedule, limit.Token);

                Assert.Equal(new SweepStatus(sweep.Jobs, sweep.Jobs, 0), await store.ReadStatusAsync(sweep.Id, limit.Token) with { Control = SweepControl.Default, Added = null });
                await sweep.AssertReportsAreThoseOfARunAloneAsync(address);
                await store.RemoveSweepAsync(sweep.Id, limit.Token); // else the next one takes its cells over, and writes hardly a blob
                output.WriteLine($"sweep {seed}: {sweep.Jobs} jobs; killed so far: {string.Join(", ", _kills.Select(entry => $"{entry.Value} {entry.Key}"))}");
            }
        }
        finally
        {
            Array.ForEach(silos, silo => silo.Dispose());
        }

        Assert.All(_kills.Values, kills => Assert.Equal(planned / _kills.Count, kills));
    }

    /// <summary>Lets silos work until a sweep is finished, and puts a new one in the place of each that dies.</summary>
    private async Task WorkAsync(PostgresStore store, string sweepId, SiloProcess[] silos, string address, Queue<string> schedule, CancellationToken limit)
    {
        for (long seen = 0; !(await store.ReadStatusAsync(sweepId, limit)).IsFinished;)
        {
            Task<long> changed = store.WaitForChangeAsync(seen, limit);
            await Task.WhenAny([changed, .. silos.Select(silo => silo.Ended)]).WaitAsync(limit);
            seen = changed.IsCompletedSuccessfully ? await changed : seen;
            for (int i = 0; i < silos.Length; i++)
            {
                if (silos[i].Ended.IsCompleted)
                {
                    Assert.True(silos[i].DiedAtItsMoment, silos[i].Output);
                    _kills[Enum.Parse<Moment>(silos[i].Death.Split(':')[0])]++;
                    silos[i].Dispose();
                    silos[i] = Start(address, i, schedule);
                }
            }
        }
    }

    private SiloProcess Start(string address, int index, Queue<string> schedule) =>
        new(address, _folder.At($"cache {index}"), s_lease, schedule.TryDequeue(out string? death) ? death : "never");
}
