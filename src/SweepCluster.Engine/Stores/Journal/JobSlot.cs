using SweepCluster.Engine.Indexes;
using SweepCluster.Engine.Jobs;

namespace SweepCluster.Engine.Stores.Journal;

/// <summary>A job in memory: where its text is.</summary>
internal struct JobSlot
{
    internal KeyHash Key;
    internal JournalSpan Text;
    internal int Place; // of its result, from 1; 0 where there is none
    internal JobKind Kind;
    internal bool HasOwnSubject; // one that is not its key
}
