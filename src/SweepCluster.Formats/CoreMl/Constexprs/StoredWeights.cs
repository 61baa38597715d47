using SweepCluster.Graphs.Weights;

namespace SweepCluster.Formats.CoreMl.Constexprs;

/// <summary>Compares stored weights by what they hold.</summary>
internal static class StoredWeights
{
    private const int FewBytes = 4096; // compared by value wherever they lie

    /// <summary>Whether two are of the same form with the same tensors.</summary>
    internal static bool AreEqual(CompressedWeight left, CompressedWeight right) =>
        AreAlike(left, right, (first, second) => first.SequenceEqual(second));

    /// <summary>Whether two are of the same form with tensors that lie in the same memory. Takes no time that grows with them; a few bytes, as scales that stand in a program, are compared by value.</summary>
    internal static bool AreSame(CompressedWeight left, CompressedWeight right) =>
        AreAlike(left, right, (first, second) => (first.Length == second.Length && first.Overlaps(second, out int offset) && offset == 0) || (first.Length <= FewBytes && first.SequenceEqual(second)));

    private static bool AreAlike(CompressedWeight left, CompressedWeight right, Func<ReadOnlySpan<byte>, ReadOnlySpan<byte>, bool> areEqual)
    {
        if (ReferenceEquals(left, right))
        {
            return true;
        }

        return left.GetType() == right.GetType() && left.Type == right.Type && left.Shape == right.Shape && left.Parts.Count == right.Parts.Count
            && (left as QuantizedWeight)?.Arithmetic == (right as QuantizedWeight)?.Arithmetic
            && (left as PalettizedWeight)?.VectorAxis == (right as PalettizedWeight)?.VectorAxis
            && (left as SparsePalettizedWeight)?.VectorAxis == (right as SparsePalettizedWeight)?.VectorAxis
            && left.Parts.Zip(right.Parts).All(pair => pair.First.Key == pair.Second.Key
                && pair.First.Value.Type == pair.Second.Value.Type && pair.First.Value.Shape == pair.Second.Value.Shape
                && areEqual(pair.First.Value.Bytes.Span, pair.Second.Value.Bytes.Span));
    }
}
