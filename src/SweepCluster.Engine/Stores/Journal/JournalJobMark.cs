using SweepCluster.Engine.Indexes;
using SweepCluster.Engine.Jobs;

namespace SweepCluster.Engine.Stores.Journal;

/// <summary>A job as it lies in a record.</summary>
/// <param name="Kind">What is to be done.</param>
/// <param name="Key">Its key.</param>
/// <param name="Subject">Its subject; the key where it has none of its own.</param>
/// <param name="Text">Where it lies in the record's payload.</param>
internal readonly record struct JournalJobMark(JobKind Kind, KeyHash Key, KeyHash Subject, Range Text);
