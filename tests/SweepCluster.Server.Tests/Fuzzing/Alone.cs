namespace SweepCluster.Server.Tests.Fuzzing;

/// <summary>Tests that measure the process, and so run while no other does.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
