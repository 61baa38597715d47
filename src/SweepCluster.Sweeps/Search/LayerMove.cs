namespace SweepCluster.Sweeps.Search;

/// <summary>One step that makes one layer smaller.</summary>
/// <param name="Layer">Number of the layer.</param>
/// <param name="To">What the layer is stored as after the step.</param>
/// <param name="BytesSaved">Bytes that the step saves, above 0.</param>
/// <param name="DamageAdded">What it costs, 0 or more.</param>
/// <param name="Price">Damage for each byte saved; never falls along a layer's steps.</param>
internal readonly record struct LayerMove(int Layer, LayerOption To, long BytesSaved, double DamageAdded, double Price);
