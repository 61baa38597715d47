namespace SweepCluster.Engine.Sessions;

/// <summary>The samples of one job.</summary>
/// <param name="Start">First sample of the range.</param>
/// <param name="Count">Number of samples; 0 where a command measures.</param>
/// <param name="Hash">Hash over which samples of the data they are, in their order.</param>
internal sealed record SamplePart(int Start, int Count, string Hash);
