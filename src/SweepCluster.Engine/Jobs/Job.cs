namespace SweepCluster.Engine.Jobs;

/// <summary>A unit of work that one silo claims.</summary>
/// <param name="Kind">What is to be done.</param>
/// <param name="Key">Hash of everything that its result depends on; unique in a sweep.</param>
/// <param name="Payload">The work, as JSON on one line.</param>
public sealed record Job(JobKind Kind, string Key, string Payload)
{
    /// <summary>Hash of what it is about without the schemes that are asked for: jobs of equal subjects, in whatever sweep, have measurements in common. By default the key.</summary>
    public string Subject { get; init; } = Key;
}
