namespace SweepCluster.Server.Tests.Telemetry;

/// <summary>Tests that read the meters of the process: nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1711:Identifiers should not have incorrect suffix", Justification = "What xunit calls it.")]
public sealed class AloneCollection : ICollectionFixture<MeteredSweep>
{
    internal const string Name = "alone in the process";
}
