namespace SweepCluster.Engine.Stores.Journal;

/// <summary>What memory needs of a record.</summary>
internal sealed class JournalMark
{
    internal const string Added = "sweep", Appended = "jobs", Result = "result";

    internal JournalMark(string entry)
    {
        Entry = entry;
    }

    /// <summary>A record without jobs or results.</summary>
    internal JournalMark(JournalEntry whole)
        : this("")
    {
        Whole = whole;
    }

    /// <summary>Which of the three kinds it is; empty where <see cref="Whole"/> says everything.</summary>
    internal string Entry { get; }

    internal JournalEntry? Whole { get; }

    internal string SweepId { get; set; } = "";

    internal SweepRecord? Sweep { get; set; }

    internal SweepControl? Control { get; set; }

    /// <summary>The place of the result's job, or of the first of the jobs.</summary>
    internal long At { get; set; }

    /// <summary>Jobs that were added, in order.</summary>
    internal List<JournalJobMark> Jobs { get; } = [];

    /// <summary>Where a result's payload or failure lies in the record's payload.</summary>
    internal Range Text { get; set; }

    internal bool IsFailure { get; set; }
}
