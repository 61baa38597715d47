using System.Collections.Immutable;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Server.Tests.Feeds;

/// <summary>A store whose list waits until it may be read, and fails where a test wants it to.</summary>
internal sealed class GatedStore(ISweepStore inner) : DelegatingStore(inner)
{
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What reading the list throws; null: nothing.</summary>
    internal Exception? Fault { get; set; }

    internal void Open() => _open.TrySetResult();

    public override async Task<ImmutableArray<SweepRecord>> ListSweepsAsync(CancellationToken cancellationToken)
    {
        await _open.Task.WaitAsync(cancellationToken);
        return Fault is { } fault ? throw fault : await base.ListSweepsAsync(cancellationToken);
    }
}
