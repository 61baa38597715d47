using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Configuration;
using Orleans.Runtime.Membership;
using Orleans.Runtime.MembershipService;
using SweepCluster.Engine.Stores.Postgres;
using SweepCluster.Graphs;
using SweepCluster.Orleans.Membership;
using SweepCluster.Orleans.Silos;
using SweepCluster.Testing.Databases;

#pragma warning disable CS0618 // 10.4.2 has the provider's methods under two names, of which the older ones are obsolete; other versions have those alone

namespace SweepCluster.Orleans.Tests.Membership;

/// <summary>Orleans' own provider of membership on the statements of this program.</summary>
public sealed class MembershipTableTests : IAsyncLifetime
{
    private static readonly DateTime s_start = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);
    private string _store = "";
    private AdoNetClusteringTable _table = null!;

    public async Task InitializeAsync()
    {
        _store = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        await EnsureAsync(_store);
        _table = await OpenAsync("one");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Initialize_SecondSiloOfTheCluster_FindsTheVersionOfTheFirst()
    {
        Assert.True(await _table.InsertRow(Entry(1), Next(await _table.ReadAll())));

        AdoNetClusteringTable second = await OpenAsync("one");

        MembershipTableData all = await second.ReadAll();
        Assert.Equal((1, "1"), (all.Version.Version, all.Version.VersionEtag));
        Assert.Single(all.Members);
    }

    [Fact]
    public async Task ReadAll_ClusterWithoutMembers_GivesItsVersionAlone()
    {
        MembershipTableData all = await _table.ReadAll();

        Assert.Empty(all.Members);
        Assert.Equal(0, all.Version.Version);
    }

    [Fact]
    public async Task InsertRow_Read_GivesEveryFieldBack()
    {
        MembershipEntry entry = Entry(1, SiloStatus.Joining);

        Assert.True(await _table.InsertRow(entry, Next(await _table.ReadAll())));

        MembershipEntry all = Assert.Single((await _table.ReadAll()).Members).Item1, own = Assert.Single((await _table.ReadRow(entry.SiloAddress)).Members).Item1;
        foreach (MembershipEntry read in (MembershipEntry[])[all, own])
        {
            Assert.Equal(entry.SiloAddress, read.SiloAddress);
            Assert.Equal((entry.SiloName, entry.HostName, entry.ProxyPort, entry.Status), (read.SiloName, read.HostName, read.ProxyPort, read.Status));
            Assert.Equal((entry.StartTime, entry.IAmAliveTime), (read.StartTime, read.IAmAliveTime));
            Assert.Null(read.SuspectTimes);
        }
    }

    [Fact]
    public async Task ReadRow_SiloThatIsNoMember_GivesTheVersionAlone()
    {
        Assert.True(await _table.InsertRow(Entry(1), Next(await _table.ReadAll())));

        MembershipTableData none = await _table.ReadRow(Entry(2).SiloAddress);

        Assert.Empty(none.Members);
        Assert.Equal(1, none.Version.Version);
    }

    [Fact]
    public async Task InsertRow_StaleVersion_IsRefused()
    {
        MembershipTableData seen = await _table.ReadAll();
        Assert.True(await _table.InsertRow(Entry(1), Next(seen)));

        Assert.False(await _table.InsertRow(Entry(2), Next(seen)));

        MembershipTableData all = await _table.ReadAll();
        Assert.Equal(Entry(1).SiloAddress, Assert.Single(all.Members).Item1.SiloAddress);
        Assert.Equal(1, all.Version.Version);
    }

    [Fact]
    public async Task InsertRow_SiloThatIsThere_IsRefusedAndTheVersionStays()
    {
        Assert.True(await _table.InsertRow(Entry(1), Next(await _table.ReadAll())));

        Assert.False(await _table.InsertRow(Entry(1), Next(await _table.ReadAll())));

        Assert.Equal(1, (await _table.ReadAll()).Version.Version);
    }

    [Fact]
    public async Task UpdateRow_NewStatusAndSuspicions_AreReadBack()
    {
        MembershipEntry entry = Entry(1);
        Assert.True(await _table.InsertRow(entry, Next(await _table.ReadAll())));
        entry.Status = SiloStatus.Dead;
        entry.SuspectTimes = [Tuple.Create(Entry(2).SiloAddress, s_start.AddSeconds(3)), Tuple.Create(Entry(3).SiloAddress, s_start.AddSeconds(4))];

        MembershipTableData seen = await _table.ReadAll();
        Assert.True(await _table.UpdateRow(entry, seen.Members[0].Item2, Next(seen)));

        MembershipTableData all = await _table.ReadAll();
        MembershipEntry read = Assert.Single(all.Members).Item1;
        Assert.Equal(SiloStatus.Dead, read.Status);
        Assert.Equal(entry.SuspectTimes, read.SuspectTimes);
        Assert.Equal(2, all.Version.Version);
    }

    [Fact]
    public async Task UpdateRow_StaleVersion_IsRefused()
    {
        MembershipEntry entry = Entry(1);
        MembershipTableData before = await _table.ReadAll();
        Assert.True(await _table.InsertRow(entry, Next(before)));
        entry.Status = SiloStatus.Dead;

        Assert.False(await _table.UpdateRow(entry, before.Version.VersionEtag, Next(before)));

        Assert.Equal(SiloStatus.Active, Assert.Single((await _table.ReadAll()).Members).Item1.Status);
    }

    [Fact]
    public async Task UpdateRow_SiloThatIsNoMember_IsRefusedAndTheVersionStays()
    {
        MembershipTableData seen = await _table.ReadAll();
        Assert.False(await _table.UpdateRow(Entry(1), seen.Version.VersionEtag, Next(seen)));

        Assert.Equal(0, (await _table.ReadAll()).Version.Version);
    }

    [Fact]
    public async Task InsertAndUpdate_ManyAtOnceThatSawTheSameVersion_ExactlyOneWinsEachTime()
    {
        MembershipEntry known = Entry(100);
        Assert.True(await _table.InsertRow(known, Next(await _table.ReadAll())));
        for (int round = 0; round < 10; round++)
        {
            MembershipTableData seen = await _table.ReadAll();

            bool[] won = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => number % 2 == 0
                ? _table.InsertRow(Entry((round * 8) + number), Next(seen))
                : _table.UpdateRow(known, seen.Members[0].Item2, Next(seen))));

            Assert.Single(won, true);
            Assert.Equal(seen.Version.Version + 1, (await _table.ReadAll()).Version.Version);
        }
    }

    [Fact]
    public async Task UpdateRow_SignOfLifeMeanwhile_StandsWhereItIsTheLater()
    {
        MembershipEntry entry = Entry(1);
        Assert.True(await _table.InsertRow(entry, Next(await _table.ReadAll())));
        MembershipTableData seen = await _table.ReadAll();
        MembershipEntry old = seen.Members[0].Item1;
        entry.IAmAliveTime = s_start.AddMinutes(5);
        await _table.UpdateIAmAlive(entry);

        Assert.True(await _table.UpdateRow(old, seen.Members[0].Item2, Next(seen)));

        Assert.Equal(s_start.AddMinutes(5), Assert.Single((await _table.ReadAll()).Members).Item1.IAmAliveTime);
    }

    [Fact]
    public async Task UpdateIAmAlive_LeavesTheVersion()
    {
        MembershipEntry entry = Entry(1);
        Assert.True(await _table.InsertRow(entry, Next(await _table.ReadAll())));
        entry.IAmAliveTime = s_start.AddMinutes(5);

        await _table.UpdateIAmAlive(entry);

        MembershipTableData all = await _table.ReadAll();
        Assert.Equal(1, all.Version.Version);
        Assert.Equal(s_start.AddMinutes(5), Assert.Single(all.Members).Item1.IAmAliveTime);
    }

    [Fact]
    public async Task CleanupDefunctSiloEntries_RemovesTheOldDead()
    {
        foreach ((int number, SiloStatus status, int minutes) in ((int, SiloStatus, int)[])[(1, SiloStatus.Dead, 0), (2, SiloStatus.Active, 0), (3, SiloStatus.Dead, 60), (4, SiloStatus.Joining, 0)])
        {
            MembershipEntry entry = Entry(number, status);
            entry.IAmAliveTime = s_start.AddMinutes(minutes);
            Assert.True(await _table.InsertRow(entry, Next(await _table.ReadAll())));
        }

        await _table.CleanupDefunctSiloEntries(s_start.AddMinutes(30));

        Assert.Equal(
            [Entry(2).SiloAddress, Entry(3).SiloAddress, Entry(4).SiloAddress],
            (await _table.ReadAll()).Members.Select(member => member.Item1.SiloAddress).Order());
    }

    [Fact]
    public async Task Clusters_InOneDatabase_DoNotSeeEachOther()
    {
        AdoNetClusteringTable other = await OpenAsync("two");
        Assert.True(await _table.InsertRow(Entry(1), Next(await _table.ReadAll())));

        Assert.Empty((await other.ReadAll()).Members);
        await other.DeleteMembershipTableEntries("two");

        Assert.Single((await _table.ReadAll()).Members);
    }

    [Fact]
    public async Task Gateways_AreThoseOfActiveSilosWithAPort()
    {
        MembershipEntry hidden = Entry(3);
        hidden.ProxyPort = 0;
        foreach (MembershipEntry entry in (MembershipEntry[])[Entry(1), Entry(2, SiloStatus.Dead), hidden])
        {
            Assert.True(await _table.InsertRow(entry, Next(await _table.ReadAll())));
        }

        AdoNetGatewayListProvider gateways = new(
            NullLogger<AdoNetGatewayListProvider>.Instance, Services(),
            Options.Create(new AdoNetClusteringClientOptions { Invariant = ClusterWiring.Invariant, ConnectionString = ClusterWiring.MembershipAddress(_store) }),
            Options.Create(new global::Orleans.Configuration.GatewayOptions()), Cluster("one"));
        await gateways.InitializeGatewayListProvider();

        Uri gateway = Assert.Single(await gateways.GetGateways());

        Assert.Equal((IPAddress.Loopback.ToString(), 30001), (gateway.Host, gateway.Port));
    }

    [Fact]
    public async Task Ensure_ManyAtOnceOnAnEmptyDatabase_MakesOneCluster()
    {
        string empty = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();

        string[] ids = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => EnsureAsync(empty)));

        Assert.Matches("^sweep-[0-9a-f]{32}$", Assert.Single(ids.Distinct()));
    }

    [Fact]
    public async Task Ensure_CopyOfADatabase_IsAnotherCluster()
    {
        PostgresServer server = await PostgresServer.SharedAsync();
        string original = new NpgsqlConnectionStringBuilder(_store).Database!;
        NpgsqlConnection.ClearAllPools(); // a template must have no connections
        await PostgresServer.ExecuteAsync(server.AddressOf("postgres"), $"CREATE DATABASE {original}_copy TEMPLATE {original}");

        Assert.NotEqual(await EnsureAsync(_store), await EnsureAsync(server.AddressOf($"{original}_copy")));
    }

    [Fact]
    public async Task Ensure_UserWhoOwnsTheDatabaseAlone_IsEnough()
    {
        PostgresServer server = await PostgresServer.SharedAsync();
        await PostgresServer.ExecuteAsync(server.AddressOf("postgres"), "CREATE ROLE plain LOGIN PASSWORD 'plain'");
        await PostgresServer.ExecuteAsync(server.AddressOf("postgres"), "CREATE DATABASE of_plain OWNER plain");

        string id = await EnsureAsync(new NpgsqlConnectionStringBuilder(server.AddressOf("of_plain")) { Username = "plain", Password = "plain" }.ConnectionString);

        Assert.StartsWith("sweep-", id, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ensure_TablesOfANewerProgram_AreRefused()
    {
        await PostgresServer.ExecuteAsync(_store, "INSERT INTO sweep_orleans.schema_version (version, program) VALUES (99, '7.0')");

        BadInputException error = await Assert.ThrowsAsync<BadInputException>(() => EnsureAsync(_store));

        Assert.EndsWith("found tables of version 99, made by SweepCluster 7.0, expected at most version 1; use that program or a newer one.", error.Message, StringComparison.Ordinal);
    }

    private static async Task<string> EnsureAsync(string store)
    {
        await using PostgresDatabase database = await PostgresDatabase.OpenAsync(store, TimeProvider.System, default);
        return await OrleansSchema.EnsureAsync(database, default);
    }

    private static MembershipEntry Entry(int number, SiloStatus status = SiloStatus.Active) => new()
    {
        SiloAddress = SiloAddress.New(IPAddress.Loopback, 20000 + number, 7),
        SiloName = $"host/{number}",
        HostName = "host",
        ProxyPort = 30000 + number,
        Status = status,
        StartTime = s_start,
        IAmAliveTime = s_start.AddSeconds(1),
    };

    private static TableVersion Next(MembershipTableData seen) => seen.Version.Next();

    private static ServiceProvider Services() => new ServiceCollection().BuildServiceProvider();

    private static IOptions<ClusterOptions> Cluster(string id) => Options.Create(new ClusterOptions { ClusterId = id, ServiceId = "sweep" });

    private async Task<AdoNetClusteringTable> OpenAsync(string cluster)
    {
        AdoNetClusteringTable table = new(
            Services(), Cluster(cluster),
            Options.Create(new AdoNetClusteringSiloOptions { Invariant = ClusterWiring.Invariant, ConnectionString = ClusterWiring.MembershipAddress(_store) }),
            NullLogger<AdoNetClusteringTable>.Instance);
        await table.InitializeMembershipTable(tryInitTableVersion: true);
        return table;
    }
}
