using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression;

/// <summary>What every family asks of a weight.</summary>
internal static class Applicability
{
    // The first reason that holds for every scheme that changes a weight, or null.
    internal static string? RefusesAny(Weight weight) => weight switch
    {
        { Conflict: string conflict } => conflict,
        { Stored: not DenseWeight } => "already compressed",
        { Stored: DenseWeight dense } when dense.Values.Type != weight.Type => $"already stored as {dense.Values.Type.Name()}",
        { Type: not (ElementType.Float16 or ElementType.Float32) } => $"values are {weight.Type.Name()}, neither float16 nor float32",
        { Shape.ElementCount: 0 } => "it has no elements",
        { Shape.ElementCount: > int.MaxValue } => $"it has {weight.Shape.ElementCount} elements, more than {int.MaxValue}",
        _ => null,
    };

    // As above, for schemes that see channels.
    internal static string? RefusesMatrix(Weight weight) => RefusesAny(weight)
        ?? (weight.Shape.Rank < 2 ? $"rank {weight.Shape.Rank}: only weights of rank 2 or more have channels" : null);

    // Holds a call of Compress to what Refuses says, and to finite values.
    internal static T Admit<T>(ICompressor compressor, PreparedWeight weight, Scheme scheme)
        where T : Scheme
    {
        T admitted = AdmitUnread<T>(compressor, weight, scheme);
        return weight.NonFinite is null ? admitted : throw NotFinite(weight, scheme);
    }

    // As above without a look at the values: for compressors that meet what is not finite on their own way, and then throw NotFinite.
    internal static T AdmitUnread<T>(ICompressor compressor, PreparedWeight weight, Scheme scheme)
        where T : Scheme =>
        compressor.Refuses(weight.Source, scheme) is string reason ? throw new SchemeNotApplicableException(weight.Source.Name, scheme.Canonical, reason) : (T)scheme;

    internal static SchemeNotApplicableException NotFinite(PreparedWeight weight, Scheme scheme) =>
        new(weight.Source.Name, scheme.Canonical, weight.NonFinite ?? throw new InvalidOperationException($"The values of '{weight.Source.Name}' are finite."));
}
