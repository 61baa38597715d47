using System.Collections.Concurrent;

namespace SweepCluster.Engine.Tests.Jobs;

/// <summary>A clock that notes how long it was asked to wait.</summary>
internal sealed class NotedTime(TimeProvider inner) : TimeProvider
{
    /// <summary>What was asked for, in this order.</summary>
    public ConcurrentQueue<TimeSpan> Waits { get; } = new();

    public override long TimestampFrequency => inner.TimestampFrequency;

    public override long GetTimestamp() => inner.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Waits.Enqueue(dueTime);
        return inner.CreateTimer(callback, state, dueTime, period);
    }
}
