using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores.Journal;
using SweepCluster.Testing;

namespace SweepCluster.Engine.Tests.Jobs;

public sealed class StoreChangesTests
{
    // Disposing of a timer does not wait for the thread on which it has just fired: what it does then must do no harm, for nobody would catch it.
    [Fact]
    public async Task WaitAsync_LimitThatFiresAfterTheNews_DoesNothing()
    {
        using TemporaryFolder folder = new();
        await using JournalStore store = JournalStore.Open(folder.Path, TimeProvider.System);
        LateTime time = new();

        await StoreChanges.WaitAsync(store, -1, TimeSpan.FromSeconds(2), time, default);

        Assert.Equal(1, time.Fire());
    }

    /// <summary>A clock whose timers fire when they are told to, disposed of or not.</summary>
    private sealed class LateTime : TimeProvider
    {
        private readonly List<Action> _timers = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _timers.Add(() => callback(state));
            return new Timer(static _ => { });
        }

        internal int Fire()
        {
            _timers.ForEach(static fire => fire());
            return _timers.Count;
        }
    }
}
