using System.Collections.Immutable;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Chaos.Silo;

/// <summary>A store under whose claims and records the process may die.</summary>
internal sealed class MortalStore(ISweepStore inner, Death death) : DelegatingStore(inner)
{
    private volatile bool _hasWorked;

    /// <inheritdoc/>
    public override async Task<ImmutableArray<Claim>> ClaimAsync(ClaimFilter filter, string silo, int limit, TimeSpan lease, CancellationToken cancellationToken)
    {
        Task<ImmutableArray<Claim>> Claim() => base.ClaimAsync(filter, silo, limit, lease, cancellationToken);
        ImmutableArray<Claim> claims = _hasWorked ? await death.PassAsync(Moment.Claim, Claim) : await Claim(); // not while it only looks for work
        _hasWorked |= !claims.IsEmpty;
        return claims;
    }

    /// <inheritdoc/>
    public override Task<RecordOutcome> TryRecordAsync(Claim claim, JobResult result, IReadOnlyList<Job> proposals, CancellationToken cancellationToken) =>
        death.PassAsync(
            claim.Job.Kind == JobKind.Coordinate ? Moment.Coordinate : Moment.Record,
            () => base.TryRecordAsync(claim, result, proposals, cancellationToken));
}
