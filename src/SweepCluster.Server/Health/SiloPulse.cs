using System.Collections.Immutable;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Server.Health;

/// <summary>
/// Whether a silo is heard of: it has reached the store, and again within the lease that it promised. Stands in front of the silo's store (<see cref="Before"/>) and notes every sign of life that was written.
/// </summary>
internal sealed class SiloPulse(TimeProvider time) : IReadinessCheck
{
    private readonly Lock _lock = new();
    private readonly long _start = time.GetTimestamp();
    private TimeSpan? _until;
    private bool _hasLeft;

    /// <summary>A store that hands every call on, and notes when the silo was heard of.</summary>
    internal ISweepStore Before(ISweepStore store) => new PulsedStore(store, this);

    /// <inheritdoc/>
    public Task<string?> FindFaultAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            TimeSpan now = time.GetElapsedTime(_start);
            return Task.FromResult(
                _hasLeft ? "the silo has left the cluster"
                : _until is null ? "the silo has not reached the store yet"
                : now > _until ? $"the silo has not reached the store since its lease ended {(long)(now - _until.Value).TotalSeconds} s ago"
                : null);
        }
    }

    private void Beat(TimeSpan lease)
    {
        lock (_lock)
        {
            _until = time.GetElapsedTime(_start) + lease;
            _hasLeft = false;
        }
    }

    private void Leave()
    {
        lock (_lock)
        {
            _hasLeft = true;
        }
    }

    private sealed class PulsedStore(ISweepStore inner, SiloPulse pulse) : DelegatingStore(inner)
    {
        public override async Task HeartbeatAsync(SiloRecord silo, TimeSpan lease, CancellationToken cancellationToken)
        {
            await base.HeartbeatAsync(silo, lease, cancellationToken);
            pulse.Beat(lease);
        }

        public override async Task<ImmutableArray<bool>> RenewAsync(IReadOnlyList<Claim> claims, TimeSpan lease, CancellationToken cancellationToken)
        {
            ImmutableArray<bool> held = await base.RenewAsync(claims, lease, cancellationToken);
            pulse.Beat(lease);
            return held;
        }

        public override async Task LeaveAsync(string silo, CancellationToken cancellationToken)
        {
            await base.LeaveAsync(silo, cancellationToken);
            pulse.Leave();
        }
    }
}
