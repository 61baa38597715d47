using System.Diagnostics.CodeAnalysis;

namespace SweepCluster.Engine.Tests.Records;

/// <summary>Tests that measure the process's memory: no other test runs beside them.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
[SuppressMessage("Naming", "CA1711", Justification = "xunit calls it a collection.")]
public sealed class AloneCollection;
