using System.Collections.Immutable;
using System.Text.Json.Serialization;
using SweepCluster.Engine.Jobs;

namespace SweepCluster.Engine.Stores.Journal;

/// <summary>What one record of the journal says.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "entry")]
[JsonDerivedType(typeof(SweepAdded), "sweep")]
[JsonDerivedType(typeof(SweepChanged), "control")]
[JsonDerivedType(typeof(SweepRemoved), "removed")]
[JsonDerivedType(typeof(JobsAppended), "jobs")]
[JsonDerivedType(typeof(ResultRecorded), "result")]
[JsonDerivedType(typeof(EventHappened), "event")]
internal abstract record JournalEntry
{
    /// <summary>A sweep was added with its first jobs. Without a control it is <see cref="SweepControl.Default"/>.</summary>
    internal sealed record SweepAdded(SweepRecord Sweep, SweepControl? Control, ImmutableArray<JournalJob> Jobs) : JournalEntry;

    /// <summary>What is asked of a sweep was changed.</summary>
    internal sealed record SweepChanged(string Sweep, SweepControl Control) : JournalEntry;

    /// <summary>A sweep was removed. Its bytes stay in the file; nothing reads them.</summary>
    internal sealed record SweepRemoved(string Sweep) : JournalEntry;

    /// <summary>Jobs were appended.</summary>
    internal sealed record JobsAppended(string Sweep, long At, ImmutableArray<JournalJob> Jobs) : JournalEntry;

    /// <summary>A job got its result, and the next round with it where it is a coordinator's.</summary>
    internal sealed record ResultRecorded(
        string Sweep, long Job, [property: JsonConverter(typeof(RawJsonConverter))] string? Payload, string? Failure, ImmutableArray<JournalJob>? Next) : JournalEntry;

    /// <summary>Something that an operator may want to look up. Of a failed attempt also the job's place and how it ended, so that attempts are counted when the journal is read.</summary>
    internal sealed record EventHappened(DateTimeOffset At, StoreEventKind Kind, string? Sweep, string Text, int? Job, string? Reason) : JournalEntry;
}

/// <summary>A job as the journal writes it.</summary>
/// <param name="Kind">What is to be done.</param>
/// <param name="Key">Its key.</param>
/// <param name="Subject">Its subject; null where that is its key.</param>
/// <param name="Payload">The work.</param>
internal sealed record JournalJob(JobKind Kind, string Key, string? Subject, [property: JsonConverter(typeof(RawJsonConverter))] string Payload)
{
    internal static ImmutableArray<JournalJob> From(IReadOnlyList<Job> jobs) =>
        [.. jobs.Select(job => new JournalJob(job.Kind, job.Key, job.Subject == job.Key ? null : job.Subject, job.Payload))];

    internal Job ToJob() => Subject is null ? new(Kind, Key, Payload) : new(Kind, Key, Payload) { Subject = Subject };
}
