namespace SweepCluster.Graphs;

/// <summary>A deployment target of a format.</summary>
/// <param name="Name">Its name, as <c>iOS18</c>.</param>
/// <param name="Arithmetic">How devices of this target decode linearly quantized weights.</param>
/// <param name="Notice">What a person should know (<c>raised from iOS15, which has no compressed weights</c>); null if nothing.</param>
public sealed record ModelTarget(string Name, Weights.DecodeArithmetic Arithmetic, string? Notice);
