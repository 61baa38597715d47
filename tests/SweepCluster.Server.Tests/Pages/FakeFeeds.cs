using SweepCluster.Server.Feeds;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Server.Tests.Pages;

/// <summary>Feeds of one sweep that a test moves on.</summary>
internal sealed class FakeFeeds : ISweepFeeds
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private (SweepState State, SweepSummary Summary) _now;

    /// <summary>The sweep reads otherwise.</summary>
    internal void Move(SweepState state, SweepSummary summary)
    {
        lock (_gate)
        {
            _now = (state, summary);
            _moved.SetResult();
            _moved = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public async Task<SweepState> NextAsync(string sweepId, long seen, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task moved;
            lock (_gate)
            {
                if (_now.State.Version != seen)
                {
                    return _now.State;
                }

                moved = _moved.Task;
            }

            await moved.WaitAsync(cancellationToken);
        }
    }

    public Task<SweepSummary?> SummarizeAsync(string sweepId, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult<SweepSummary?>(_now.Summary);
        }
    }

    public async Task<long> NextChangeAsync(long seen, CancellationToken cancellationToken) => (await NextAsync("", seen, cancellationToken)).Version;
}
