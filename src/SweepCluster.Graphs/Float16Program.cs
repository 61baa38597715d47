using System.Collections.Immutable;

namespace SweepCluster.Graphs;

/// <summary>A model whose program computes in float16.</summary>
/// <param name="Graph">The model, as if it had been read so; inputs and outputs keep their types.</param>
/// <param name="Converted">Number of operations that became float16; 0 where the program was float16 already, or has nothing to become so.</param>
/// <param name="Kept">Operations that stay float32, with casts around them; in program order.</param>
public sealed record Float16Program(Graph Graph, int Converted, ImmutableArray<KeptOperation> Kept);
