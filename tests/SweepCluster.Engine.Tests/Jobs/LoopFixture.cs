using System.Collections.Concurrent;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Stores.Journal;
using SweepCluster.Testing;

namespace SweepCluster.Engine.Tests.Jobs;

/// <summary>A loop as a silo runs it, over a journal, with a clock that the test moves.</summary>
public abstract class LoopFixture : IAsyncLifetime, IDisposable
{
    internal const string SweepId = "a";
    private readonly TemporaryFolder _folder = new();
    private JournalStore _journal = null!;

    private protected HandTime Time { get; } = new();

    /// <summary>The loop's clock: the same, and it notes what the loop asks of it.</summary>
    private protected NotedTime LoopTime { get; }

    private protected ScriptedStore Store { get; private set; } = null!;

    private protected ConcurrentQueue<FinishedJob> Finished { get; } = new();

    /// <summary>Leases are long: in most tests the clock runs ahead of the threads.</summary>
    private protected JobLoopOptions Options { get; set; } = new()
    {
        Silo = "test",
        Slots = 1,
        Lease = TimeSpan.FromHours(1),
        Poll = TimeSpan.FromSeconds(2),
        RetriesErrors = true,
        CopyAfter = TimeSpan.FromSeconds(30),
        Capacity = new SiloCapacity(1, 1 << 30, AllowsCommands: false),
    };

    protected LoopFixture() => LoopTime = new NotedTime(Time);

    public Task InitializeAsync()
    {
        _journal = JournalStore.Open(_folder.Path, Time);
        Store = new ScriptedStore(_journal);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _journal.DisposeAsync();

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected static Job Trial(int index) => new(JobKind.Trial, $"{index}", "{}");

    private protected Task AddAsync(int trials, SweepControl? control = null) => AddAsync([.. Enumerable.Range(0, trials).Select(Trial)], control);

    private protected Task AddAsync(Job[] jobs, SweepControl? control = null) =>
        Store.AddSweepAsync(new SweepRecord(SweepId, "a", "", "", null, "", "{}"), control ?? SweepControl.Default, jobs, default);

    private protected Task StartAsync(Func<Claim, CancellationToken, Task<JobOutcome>> work, string? sweepId = SweepId, CancellationToken cancellationToken = default) =>
        new JobLoop(Store, new DelegateHost(work), Options, LoopTime, Finished.Enqueue).RunAsync(sweepId, cancellationToken);

    private protected Task StartAsync(Func<Claim, JobOutcome> work) => StartAsync((claim, _) => Task.FromResult(work(claim)));

    /// <summary>Moves the clock on until a task has ended.</summary>
    private protected async Task PassAsync(Task task)
    {
        while (!task.IsCompleted)
        {
            Time.Move(TimeSpan.FromMilliseconds(500));
            await Task.WhenAny(task, Task.Delay(TimeSpan.FromMilliseconds(1)));
        }

        await task;
    }

    /// <summary>Moves the clock on until the silo has renewed what it holds, once more.</summary>
    private protected async Task RenewAsync()
    {
        int beats = Store.Beats; // which follow the renewals
        Time.Move(Options.Lease / 3);
        while (Store.Beats == beats)
        {
            await Task.Yield();
        }
    }

    /// <summary>Lets the loop look for jobs so many times more.</summary>
    private protected async Task LookAsync(int times)
    {
        int asked = Store.Asked.Count;
        while (Store.Asked.Count < asked + times)
        {
            Time.Move(Options.Poll!.Value);
            await Task.Yield();
        }
    }

    private protected async Task<Dictionary<string, string?>> FailuresAsync() =>
        (await Store.ReadResultsAsync(SweepId, 0, 100, default)).ToDictionary(result => result.Job.Key, result => result.Result.Failure);
}
