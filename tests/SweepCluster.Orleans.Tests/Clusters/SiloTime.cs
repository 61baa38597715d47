namespace SweepCluster.Orleans.Tests.Clusters;

/// <summary>The clock of a silo that can die: from then on none of its timers fires, as those of a process that is gone. An impatient one's fire at once.</summary>
internal sealed class SiloTime : TimeProvider
{
    private volatile bool _isDead;

    internal bool IsImpatient { get; init; }

    internal void Die() => _isDead = true;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(
            inner =>
            {
                if (!_isDead)
                {
                    callback(inner);
                }
            },
            state, IsImpatient && dueTime > TimeSpan.Zero ? TimeSpan.Zero : dueTime, period);
}
