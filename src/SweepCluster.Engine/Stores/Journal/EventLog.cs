using System.Collections.Immutable;

namespace SweepCluster.Engine.Stores.Journal;

/// <summary>What happened, in order, as the journal has it. Guarded by the store's lock.</summary>
internal sealed class EventLog
{
    private readonly List<StoreEvent> _events = [];

    /// <summary>Completes when every event so far is on disk.</summary>
    internal Task Durable { get; private set; } = Task.CompletedTask;

    /// <summary>Adds one.</summary>
    internal void Add(JournalEntry.EventHappened happened, Task durable)
    {
        _events.Add(new StoreEvent(_events.Count + 1, happened.At, happened.Kind, happened.Sweep, happened.Text));
        Durable = durable;
    }

    /// <inheritdoc cref="ISweepStore.ReadEventsAsync"/>
    internal ImmutableArray<StoreEvent> Read(string? sweepId, long after, int limit) =>
        [.. _events.Skip((int)Math.Clamp(after, 0, _events.Count)).Where(happened => sweepId is null || happened.SweepId == sweepId).Take(limit)];
}
