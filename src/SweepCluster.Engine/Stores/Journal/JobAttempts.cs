namespace SweepCluster.Engine.Stores.Journal;

/// <summary>Attempts at a job that ended without a result.</summary>
/// <param name="Count">How many.</param>
/// <param name="LastError">How the last of them ended; null where there was none.</param>
internal readonly record struct JobAttempts(int Count, string? LastError);
