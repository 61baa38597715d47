using System.Collections.Immutable;

namespace SweepCluster.Server.Api.Contracts;

/// <summary>What a sweep would be: the dry run's count.</summary>
/// <param name="Id">The id that it would have.</param>
/// <param name="Name">Its name.</param>
/// <param name="Layers">Layers that are compressed.</param>
/// <param name="Cells">Weights under schemes, equal ones once.</param>
/// <param name="Probes">Layers' cells that are probed.</param>
/// <param name="UniformPlans">Uniform and given plans.</param>
/// <param name="MixedPlans">Most mixed plans.</param>
/// <param name="ModelBytes">Bytes of the uncompressed model.</param>
/// <param name="SharedMemoryBytes">Memory that its jobs share in a silo.</param>
/// <param name="SlotMemoryBytes">Memory of each job that runs.</param>
/// <param name="LeftAlone">Weights that no scheme touches.</param>
/// <param name="Notices">Things a person should know.</param>
internal sealed record CountResource(
    string Id, string Name, int Layers, int Cells, int Probes, int UniformPlans, int MixedPlans, long ModelBytes, long SharedMemoryBytes, long SlotMemoryBytes, int LeftAlone,
    ImmutableArray<string> Notices);
