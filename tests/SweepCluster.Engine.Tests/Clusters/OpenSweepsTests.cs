using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Runs;
using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Stores.Journal;
using SweepCluster.Engine.Tests.Jobs;
using SweepCluster.Graphs;
using SweepCluster.Testing;

namespace SweepCluster.Engine.Tests.Clusters;

/// <summary>A silo of 2 slots with room for 100 bytes beside the program; a sweep takes its shared bytes and twice its slot's.</summary>
public sealed class OpenSweepsTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HandTime _time = new();
    private readonly List<string> _log = [];
    private readonly List<string> _notices = [];
    private readonly Dictionary<string, Exception> _faults = [];
    private JournalStore _store = null!;
    private OpenSweeps _sweeps = null!;
    private Func<string, Task> _beforeStatus = _ => Task.CompletedTask;

    public Task InitializeAsync()
    {
        _store = JournalStore.Open(_folder.Path, _time);
        _sweeps = new OpenSweeps(new WatchedStore(this), Open, new SiloMemory(slots: 2, MemoryNeeds.ProgramBytes + 100), _time, _notices.Add);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _sweeps.DisposeAsync();
        await _store.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task EnterAsync_SweepsThatFitTogether_StayOpen()
    {
        await AddAsync(("a", 30, 10), ("b", 30, 10));

        await VisitAsync("a");
        await VisitAsync("b");
        await VisitAsync("a");

        Assert.Equal(["open a", "open b"], _log);
        Assert.Equal(["sweep a: working on 'a'", "sweep b: working on 'b'"], _notices);
    }

    [Fact]
    public async Task EnterAsync_NoRoom_ClosesTheIdleOneThatWasLeftFirst()
    {
        await AddAsync(("a", 20, 10), ("b", 20, 10), ("c", 40, 10));
        await VisitAsync("a");
        await VisitAsync("b");
        await VisitAsync("a");

        await VisitAsync("c");

        Assert.Equal(["open a", "open b", "close b", "open c"], _log);
    }

    [Fact]
    public async Task EnterAsync_NoRoomBesideThoseThatRun_WaitsUntilOneEnds()
    {
        await AddAsync(("a", 40, 10), ("b", 40, 10));
        IOpenedSweep open = await EnterAsync("a");

        SweepSetAsideException waits = await Assert.ThrowsAsync<SweepSetAsideException>(() => EnterAsync("b"));
        Assert.Equal(TimeSpan.FromSeconds(1), waits.Pause);
        Assert.Equal(["open a"], _log);
        _sweeps.Leave(open);

        await VisitAsync("b");
        Assert.Equal(["open a", "close a", "open b"], _log);
    }

    [Fact]
    public async Task EnterAsync_SweepThatWaitsForLong_GetsItsTurn()
    {
        await AddAsync(("a", 40, 10), ("b", 40, 10));
        IOpenedSweep open = await EnterAsync("a"); // one job follows the other without a gap
        for (int second = 0; second < 30; second++)
        {
            await Assert.ThrowsAsync<SweepSetAsideException>(() => EnterAsync("b"));
            _sweeps.Leave(await EnterAsync("a"));
            _time.Move(TimeSpan.FromSeconds(1));
        }

        await Assert.ThrowsAsync<SweepSetAsideException>(() => EnterAsync("a")); // from now on it begins nothing
        _sweeps.Leave(open);
        await EnterAsync("b");

        Assert.Equal(["open a", "close a", "open b"], _log);
    }

    [Fact]
    public async Task EnterAsync_ItsTurnAndAJobThatDoesNotEnd_LetsTheOthersGoOnAfterAWhile()
    {
        await AddAsync(("a", 40, 10), ("b", 40, 10));
        await EnterAsync("a");
        List<bool> begun = [];
        for (int second = 0; second < 70; second++)
        {
            await Assert.ThrowsAsync<SweepSetAsideException>(() => EnterAsync("b"));
            try
            {
                await VisitAsync("a");
                begun.Add(true);
            }
            catch (SweepSetAsideException)
            {
                begun.Add(false);
            }

            _time.Move(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([.. Enumerable.Repeat(true, 30), .. Enumerable.Repeat(false, 30), .. Enumerable.Repeat(true, 10)], begun);
    }

    [Fact]
    public async Task EnterAsync_SweepThatWaitedAndIsGone_HoldsNobodyUp()
    {
        await AddAsync(("a", 40, 10), ("b", 40, 10));
        await EnterAsync("a");
        await Assert.ThrowsAsync<SweepSetAsideException>(() => EnterAsync("b"));

        _time.Move(TimeSpan.FromMinutes(1)); // it does not ask any more

        await VisitAsync("a");
    }

    [Fact]
    public async Task EnterAsync_NeedsThatWereNotKnown_CountOnceItIsOpen()
    {
        await AddAsync(("a", 40, 10));
        await _store.AddSweepAsync(Record("b", SweepNeeds.None), SweepControl.Default, [], default);
        await EnterAsync("a");

        await Assert.ThrowsAsync<SweepSetAsideException>(() => EnterAsync("b"));

        Assert.Equal(["open a", "open b", "close b"], _log);
    }

    [Fact]
    public async Task EnterAsync_FilesThatCannotBeWritten_TriesAgainLaterAndSaysSoOnce()
    {
        await AddAsync(("a", 40, 10));
        _faults["a"] = new IOException("No space left on device");

        Assert.Equal(TimeSpan.FromSeconds(1), (await Assert.ThrowsAsync<SweepSetAsideException>(() => EnterAsync("a"))).Pause);
        Assert.Equal(TimeSpan.FromSeconds(2), (await Assert.ThrowsAsync<SweepSetAsideException>(() => EnterAsync("a"))).Pause);
        _faults.Clear();
        await VisitAsync("a");

        Assert.Equal(["sweep a: set aside on this silo for a while: IOException: No space left on device", "sweep a: working on 'a'"], _notices);
    }

    [Fact]
    public async Task EnterAsync_SweepThatThisSiloCannotWorkOn_IsLeftAloneForGood()
    {
        await AddAsync(("a", 40, 10));
        _faults["a"] = new BadInputException("found no library, expected one.");

        SweepSetAsideException setAside = await Assert.ThrowsAsync<SweepSetAsideException>(() => EnterAsync("a"));

        Assert.Null(setAside.Pause);
        Assert.Equal("sweep a: set aside on this silo until it is started again: found no library, expected one.", setAside.Message);
    }

    [Fact]
    public async Task EnterAsync_StoreIsLost_SaysSo()
    {
        await AddAsync(("a", 40, 10));
        _faults["a"] = new StoreUnavailableException("gone", null);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => EnterAsync("a"));
    }

    [Fact]
    public async Task EnterAsync_SweepThatWasRemovedAndHandedInAgain_IsOpenedAnew()
    {
        await AddAsync(("a", 30, 10));
        await VisitAsync("a");
        await RemoveAsync("a");
        await AddAsync(("a", 30, 10));

        _sweeps.Leave(await EnterAsync("a", life: 2));
        _sweeps.Leave(await EnterAsync("a", life: 2));

        Assert.Equal(["open a", "close a", "open a"], _log);
    }

    [Fact]
    public async Task EnterAsync_HandedInAgainWhileAJobOfTheEarlierOneRuns_ClosesThatWhenItEnds()
    {
        await AddAsync(("a", 30, 10));
        IOpenedSweep earlier = await EnterAsync("a");
        await RemoveAsync("a");
        await AddAsync(("a", 30, 10));

        IOpenedSweep open = await EnterAsync("a", life: 2);
        Assert.NotSame(earlier, open);
        await Assert.ThrowsAsync<SweepSetAsideException>(() => EnterAsync("a", life: 1)); // claimed before it was removed
        Assert.Equal(["open a", "open a"], _log);
        _sweeps.Leave(earlier);
        Assert.Equal(["open a", "open a", "close a"], _log);

        _sweeps.Leave(open);
        Assert.Same(open, await EnterAsync("a", life: 2));
    }

    [Fact]
    public async Task EnterAsync_OpenedForAnOnlookerWhoWent_IsOpenedAnewForAJob()
    {
        await AddAsync(("a", 30, 10));
        IOpenedSweep looked = await EnterAsync("a", life: null);
        Assert.Same(looked, await EnterAsync("a", life: null));
        _sweeps.Leave(looked);
        _sweeps.Leave(looked);

        Assert.NotSame(looked, await EnterAsync("a", life: 1)); // it may have been removed meanwhile
    }

    [Fact]
    public async Task EnterAsync_OpenedForAnOnlookerWhoIsThere_IsTheSameForAJob()
    {
        await AddAsync(("a", 30, 10));
        IOpenedSweep looked = await EnterAsync("a", life: null);

        Assert.Same(looked, await EnterAsync("a", life: 1));
    }

    [Fact]
    public async Task EnterAsync_AnotherSweepIsRemovedMeanwhile_ClosesIt()
    {
        await AddAsync(("a", 30, 10), ("b", 30, 10));
        await VisitAsync("a");
        _beforeStatus = RemoveAsync; // after it was listed

        await VisitAsync("b");

        Assert.Equal(["open a", "close a", "open b"], _log);
    }

    [Fact]
    public async Task EnterAsync_TheStoreRefusesTheSilo_BlamesNoJob()
    {
        await AddAsync(("a", 30, 10), ("b", 30, 10));
        await VisitAsync("a");
        _beforeStatus = _ => throw new InvalidOperationException("no such column");

        SweepSetAsideException setAside = await Assert.ThrowsAsync<SweepSetAsideException>(() => EnterAsync("b"));

        Assert.Equal("sweep b: set aside on this silo for a while: InvalidOperationException: no such column", setAside.Message);
        Assert.Equal(TimeSpan.FromSeconds(1), setAside.Pause);
    }

    private async Task RemoveAsync(string sweepId)
    {
        await _store.ChangeAsync(sweepId, control => control with { Phase = SweepPhase.Cancelled }, default);
        await _store.RemoveSweepAsync(sweepId, default);
    }

    private async Task VisitAsync(string sweepId)
    {
        IOpenedSweep open = await EnterAsync(sweepId);
        _time.Move(TimeSpan.FromMilliseconds(1));
        _sweeps.Leave(open);
    }

    private Task<IOpenedSweep> EnterAsync(string sweepId, long? life = 1) => _sweeps.EnterAsync(sweepId, life, default);

    private async Task AddAsync(params (string Id, long Shared, long Slot)[] sweeps)
    {
        foreach ((string id, long shared, long slot) in sweeps)
        {
            SweepNeeds needs = new(MemoryNeeds.ProgramBytes + shared, slot, false);
            await _store.AddSweepAsync(Record(id, needs), SweepControl.Default, [new Job(JobKind.Trial, "0", "{}")], default);
        }
    }

    private static SweepRecord Record(string id, SweepNeeds needs) => new(id, id, "", "", null, "", "{}") { Needs = needs };

    private Task<IOpenedSweep> Open(SweepRecord sweep, CancellationToken cancellationToken)
    {
        if (_faults.TryGetValue(sweep.Id, out Exception? fault))
        {
            throw fault;
        }

        _log.Add($"open {sweep.Id}");
        SweepNeeds needs = sweep.Needs == SweepNeeds.None ? new SweepNeeds(MemoryNeeds.ProgramBytes + 40, 10, false) : sweep.Needs;
        return Task.FromResult<IOpenedSweep>(new Opened(needs, () => _log.Add($"close {sweep.Id}")));
    }

    private sealed class WatchedStore(OpenSweepsTests test) : DelegatingStore(test._store)
    {
        public override async Task<SweepStatus> ReadStatusAsync(string sweepId, CancellationToken cancellationToken)
        {
            await test._beforeStatus(sweepId);
            return await base.ReadStatusAsync(sweepId, cancellationToken);
        }
    }

    private sealed class Opened(SweepNeeds needs, Action close) : IOpenedSweep
    {
        public IJobHost Host { get; } = new DelegateHost((_, _) => Task.FromResult(DelegateHost.Done));

        public SweepNeeds Needs => needs;

        public void Dispose() => close();
    }
}
