namespace SweepCluster.Engine.Stores.Journal;

/// <summary>A result in memory: where its text is.</summary>
/// <param name="Text">The payload or the failure.</param>
/// <param name="Job">Place of its job.</param>
/// <param name="IsFailure">Which of them.</param>
internal readonly record struct ResultSlot(JournalSpan Text, int Job, bool IsFailure);
