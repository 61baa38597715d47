namespace SweepCluster.Engine.Stores.Journal;

/// <summary>Who holds a job.</summary>
/// <param name="Silo">The holder.</param>
/// <param name="Epoch">Number of the claim.</param>
/// <param name="Since">When it was claimed, in the clock's ticks.</param>
/// <param name="Until">When the lease ends, in the clock's ticks.</param>
internal readonly record struct JobLease(string Silo, long Epoch, long Since, long Until);
