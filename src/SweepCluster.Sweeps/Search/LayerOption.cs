using SweepCluster.Graphs.Schemes;

namespace SweepCluster.Sweeps.Search;

/// <summary>One way to store a layer.</summary>
/// <param name="Scheme">The scheme.</param>
/// <param name="Bytes">Bytes of the stored tensors.</param>
/// <param name="Damage">What it costs the model, 0 or more; in one unit for all layers.</param>
internal readonly record struct LayerOption(Scheme Scheme, long Bytes, double Damage);
