namespace SweepCluster.Engine.Jobs;

/// <summary>A unit of work that one silo claims.</summary>
/// <param name="Kind">What is to be done.</param>
/// <param name="Key">Hash of everything that its result depends on; unique in a sweep.</param>
/// <param name="Payload">The work, as JSON on one line.</param>
public sealed record Job(JobKind Kind, string Key, string Payload);
