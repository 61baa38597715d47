using System.Collections.Immutable;
using System.Globalization;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Tests.Stores;

public abstract partial class SweepStoreContract
{
    [Fact]
    public async Task Claim_SweepsOfSeveralPriorities_TakesTheHighestFirst()
    {
        await AddAsync("low", 2, SweepControl.Default with { Priority = -1 });
        await AddAsync("plain", 2, SweepControl.Default);
        await AddAsync("high", 2, SweepControl.Default with { Priority = 5 });

        Assert.Equal(["high 0"], await ClaimAsync(1));
        Assert.Equal(["high 1", "plain 0"], (await ClaimAsync(2)).Order(StringComparer.Ordinal));
        await Store.ChangeAsync("low", control => control with { Priority = 1 }, default);
        Assert.Equal(["low 0", "low 1", "plain 1"], (await ClaimAsync(10)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Claim_HighPriorityHasNothingFree_TakesTheNext()
    {
        await Store.AddSweepAsync(Sweep("high"), SweepControl.Default with { Priority = 1 }, [Job("0"), Coordinate("c")], default);
        await AddAsync("plain", 2, SweepControl.Default);
        await ClaimAsync(1);

        Assert.Equal(["plain 0"], await ClaimAsync(1)); // the coordinator of the first waits
    }

    [Fact]
    public async Task Claim_EqualPriorities_SplitsABatchEvenly()
    {
        await AddAsync("a", 20, SweepControl.Default);
        await AddAsync("b", 20, SweepControl.Default);
        await AddAsync("c", 20, SweepControl.Default);

        List<string> claims = await ClaimAsync(12);

        Assert.Equal(["a 0", "a 1", "a 2", "a 3", "b 0", "b 1", "b 2", "b 3", "c 0", "c 1", "c 2", "c 3"], claims.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Claim_OneSweepHasFewJobs_GivesTheRestToTheOther()
    {
        await AddAsync("a", 1, SweepControl.Default);
        await AddAsync("b", 20, SweepControl.Default);

        Assert.Equal(["a 0", "b 0", "b 1", "b 2", "b 3", "b 4"], (await ClaimAsync(6)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Claim_OneByOne_GoesToTheSweepWithTheFewestLeases()
    {
        await AddAsync("a", 20, SweepControl.Default);
        await AddAsync("b", 20, SweepControl.Default);
        ImmutableArray<Claim> early = await Store.ClaimAsync(ClaimFilter.Any with { SweepId = "a" }, "silo", 3, s_lease, default);

        Assert.Equal(["b 0", "b 1", "b 2", "a 3", "b 3"], [.. await ClaimAsync(1), .. await ClaimAsync(1), .. await ClaimAsync(1), .. await ClaimAsync(1), .. await ClaimAsync(1)]);

        foreach (Claim claim in early)
        {
            await Store.TryRecordAsync(claim, JobResult.Of("1"), [], default);
        }

        Assert.Equal(["a 4", "a 5", "a 6"], await ClaimAsync(3)); // a holds one lease, b four
    }

    [Fact]
    public async Task Claim_LeasesRanOut_AreNoShareOfTheirSweep()
    {
        await AddAsync("a", 20, SweepControl.Default);
        await Store.ClaimAsync(ClaimFilter.Any, "silo", 4, s_lease, default);
        await PassAsync(s_lease);
        await AddAsync("b", 20, SweepControl.Default);

        Assert.Equal(["a 0", "a 1", "b 0", "b 1"], (await ClaimAsync(4)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Claim_WithACapacity_TakesOnlyWhatFits()
    {
        await AddAsync("small", 1, SweepControl.Default, new SweepNeeds(100, 10, RunsCommand: false));
        await AddAsync("large", 1, SweepControl.Default, new SweepNeeds(100, 11, RunsCommand: false));
        await AddAsync("command", 1, SweepControl.Default, new SweepNeeds(0, 0, RunsCommand: true));

        Assert.Empty(await ClaimAsync(10, new SiloCapacity(4, 139, AllowsCommands: false)));
        Assert.Equal(["small 0"], await ClaimAsync(10, new SiloCapacity(4, 140, AllowsCommands: false)));
        Assert.Equal(["command 0"], await ClaimAsync(10, new SiloCapacity(4, 143, AllowsCommands: true)));
        Assert.Equal(["large 0"], await ClaimAsync(10, new SiloCapacity(4, 144, AllowsCommands: false)));
    }

    private async Task<List<string>> ClaimAsync(int limit, SiloCapacity? capacity = null) =>
        [.. (await Store.ClaimAsync(ClaimFilter.Any with { Capacity = capacity }, "silo", limit, s_lease, default)).Select(claim => $"{claim.SweepId} {claim.Job.Key}")];

    private async Task AddAsync(string id, int jobs, SweepControl control, SweepNeeds? needs = null) => await Store.AddSweepAsync(
        Sweep(id) with { Needs = needs ?? SweepNeeds.None }, control, [.. Enumerable.Range(0, jobs).Select(index => Job(index.ToString(CultureInfo.InvariantCulture)))], default);
}
