using System.Collections.Immutable;
using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Stores.Journal;

namespace SweepCluster.Engine.Runs;

/// <summary>A sweep's own store, which also finds what the sweeps of other result folders measured. Those are read only.</summary>
internal sealed class GrownStore : DelegatingStore
{
    private readonly ISweepStore _own;
    private readonly ImmutableArray<JournalStore> _earlier;

    private GrownStore(ISweepStore own, ImmutableArray<JournalStore> earlier)
        : base(own)
    {
        _own = own;
        _earlier = earlier;
    }

    /// <summary>A store that also finds what is in some journals.</summary>
    internal static ISweepStore Over(ISweepStore own, EarlierJournals earlier) => earlier.Journals.IsEmpty ? own : new GrownStore(own, earlier.Journals);

    /// <inheritdoc/>
    public override async Task<ImmutableArray<RecordedResult>> FindResultsAsync(string subject, CancellationToken cancellationToken)
    {
        ImmutableArray<RecordedResult>.Builder found = ImmutableArray.CreateBuilder<RecordedResult>();
        foreach (ISweepStore store in _earlier.Prepend(_own))
        {
            found.AddRange(await store.FindResultsAsync(subject, cancellationToken));
        }

        return found.ToImmutable();
    }
}
