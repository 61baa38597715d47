namespace SweepCluster.Engine.Stores.Journal;

/// <summary>A result that is to be read.</summary>
/// <param name="Place">Its place among the sweep's results, from 1.</param>
/// <param name="Slot">Where its text is.</param>
/// <param name="Job">Where its job's text is.</param>
internal readonly record struct StoredResult(int Place, ResultSlot Slot, JournalSpan Job)
{
    /// <summary>Reads it.</summary>
    /// <param name="jobs">Reads the job.</param>
    /// <param name="texts">Reads the result.</param>
    internal RecordedResult Read(JournalText.Pass jobs, JournalText.Pass texts) => new(Place, Slot.Job, jobs.ReadJob(Job), texts.ReadResult(Slot.Text, Slot.IsFailure));
}
