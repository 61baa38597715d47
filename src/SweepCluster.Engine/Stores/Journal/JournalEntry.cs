using System.Collections.Immutable;
using System.Text.Json.Serialization;
using SweepCluster.Engine.Jobs;

namespace SweepCluster.Engine.Stores.Journal;

/// <summary>What one record of the journal says.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "entry")]
[JsonDerivedType(typeof(SweepAdded), "sweep")]
[JsonDerivedType(typeof(JobsAppended), "jobs")]
[JsonDerivedType(typeof(ResultRecorded), "result")]
internal abstract record JournalEntry
{
    /// <summary>A sweep was added with its first jobs.</summary>
    internal sealed record SweepAdded(SweepRecord Sweep, ImmutableArray<JournalJob> Jobs) : JournalEntry;

    /// <summary>Jobs were appended.</summary>
    internal sealed record JobsAppended(string Sweep, long At, ImmutableArray<JournalJob> Jobs) : JournalEntry;

    /// <summary>A job got its result, and the next round with it where it is a coordinator's.</summary>
    internal sealed record ResultRecorded(
        string Sweep, long Job, [property: JsonConverter(typeof(RawJsonConverter))] string? Payload, string? Failure, ImmutableArray<JournalJob>? Next) : JournalEntry;
}

/// <summary>A job as the journal writes it.</summary>
internal sealed record JournalJob(JobKind Kind, string Key, [property: JsonConverter(typeof(RawJsonConverter))] string Payload)
{
    internal static ImmutableArray<JournalJob> From(IReadOnlyList<Job> jobs) => [.. jobs.Select(job => new JournalJob(job.Kind, job.Key, job.Payload))];

    internal Job ToJob() => new(Kind, Key, Payload);
}
