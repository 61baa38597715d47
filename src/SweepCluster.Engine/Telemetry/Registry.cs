using System.Collections.Immutable;

namespace SweepCluster.Engine.Telemetry;

/// <summary>Things to look at when somebody asks, each as long as it is there. Thread-safe.</summary>
internal sealed class Registry<T>
{
    private ImmutableArray<Entry> _entries = [];

    /// <summary>What is there now.</summary>
    internal ImmutableArray<T> Items => [.. _entries.Select(static entry => entry.Item)];

    /// <summary>Adds something until it is disposed of.</summary>
    internal IDisposable Add(T item)
    {
        Entry entry = new(this, item);
        ImmutableInterlocked.Update(ref _entries, static (entries, added) => entries.Add(added), entry);
        return entry;
    }

    /// <summary>A figure over all; none where nothing is there.</summary>
    internal IEnumerable<System.Diagnostics.Metrics.Measurement<int>> Sum(Func<T, int> figure)
    {
        ImmutableArray<T> items = Items;
        return items.IsEmpty ? [] : [new(items.Sum(figure))];
    }

    private sealed class Entry(Registry<T> registry, T item) : IDisposable
    {
        internal T Item { get; } = item;

        public void Dispose() => ImmutableInterlocked.Update(ref registry._entries, static (entries, removed) => entries.Remove(removed), this);
    }
}
