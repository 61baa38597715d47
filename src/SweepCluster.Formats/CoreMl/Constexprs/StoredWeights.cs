using SweepCluster.Graphs.Weights;

namespace SweepCluster.Formats.CoreMl.Constexprs;

/// <summary>Compares stored weights by what they hold.</summary>
internal static class StoredWeights
{
    /// <summary>Whether two are of the same form with the same tensors.</summary>
    internal static bool AreEqual(CompressedWeight left, CompressedWeight right)
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
                && pair.First.Value.Bytes.Span.SequenceEqual(pair.Second.Value.Bytes.Span));
    }
}
