namespace SweepCluster.Server.Tests;

/// <summary>A clock that moves when it is told to; its timers come due then.</summary>
internal sealed class HandTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<HandTimer> _timers = [];
    private TimeSpan _passed;

    public static DateTimeOffset Start { get; } = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Timers that somebody holds.</summary>
    public int Timers
    {
        get
        {
            lock (_lock)
            {
                return _timers.Count;
            }
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Start + TimeSpan.FromTicks(GetTimestamp());

    public override long GetTimestamp()
    {
        lock (_lock)
        {
            return _passed.Ticks;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        HandTimer timer = new(this, callback, state);
        timer.Change(dueTime, period);
        lock (_lock)
        {
            _timers.Add(timer);
        }

        return timer;
    }

    public void Move(TimeSpan by)
    {
        HandTimer[] due;
        lock (_lock)
        {
            _passed += by;
            due = [.. _timers.Where(timer => timer.IsDue(_passed))];
        }

        foreach (HandTimer timer in due)
        {
            timer.Fire();
        }
    }

    private sealed class HandTimer(HandTime time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan? _due;
        private TimeSpan _period;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _due = dueTime == Timeout.InfiniteTimeSpan ? null : TimeSpan.FromTicks(time.GetTimestamp()) + dueTime;
            _period = period;
            return true;
        }

        public bool IsDue(TimeSpan now) => _due <= now;

        public void Fire()
        {
            _due = _period == Timeout.InfiniteTimeSpan ? null : TimeSpan.FromTicks(time.GetTimestamp()) + _period;
            callback(state);
        }

        public void Dispose()
        {
            lock (time._lock)
            {
                time._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
