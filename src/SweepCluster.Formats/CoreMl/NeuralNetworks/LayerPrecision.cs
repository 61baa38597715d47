using System.Runtime.InteropServices;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;
using SweepCluster.Numerics.Halves;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks;

/// <summary>Keeps layers at one precision: the values of most layers are float16 or float32 throughout, codes and tables beside.</summary>
/// <remarks>Source: coremltools' validation of neural networks, which devices share: a layer of mixed precision is refused there.</remarks>
internal static class LayerPrecision
{
    /// <summary>Adds to replacements what must follow them: other dense values of a layer whose replaced ones change their precision.</summary>
    internal static IReadOnlyDictionary<string, CompressedWeight> Complete(Graph graph, CoreMlOrigin origin, IReadOnlyDictionary<string, CompressedWeight> replacements)
    {
        Dictionary<NeuralNetworkLayer, ElementType> precisions = new(ReferenceEqualityComparer.Instance);
        foreach ((string name, CompressedWeight stored) in replacements)
        {
            if (stored is DenseWeight dense && NetworkLayers.Find(origin, name) is { Slot.SharesPrecision: true } place)
            {
                bool isHalf = dense.Values.Type == ElementType.Float16 || precisions.GetValueOrDefault(place.Layer, ElementType.Float32) == ElementType.Float16;
                precisions[place.Layer] = isHalf ? ElementType.Float16 : ElementType.Float32;
            }
        }

        if (precisions.Count == 0)
        {
            return replacements;
        }

        Dictionary<string, CompressedWeight> complete = new(replacements, StringComparer.Ordinal);
        foreach (Weight weight in graph.Weights)
        {
            if (!replacements.ContainsKey(weight.Name) && weight.Stored is DenseWeight dense && NetworkLayers.Find(origin, weight.Name) is { Slot.SharesPrecision: true } place
                && precisions.TryGetValue(place.Layer, out ElementType precision) && dense.Values.Type != precision)
            {
                complete.Add(weight.Name, new DenseWeight(weight.Type, TensorData.FromFloats(precision, weight.Shape, dense.Values.ToFloat32())));
            }
        }

        return complete;
    }

    /// <summary>A dense weight of a layer, other than one, that float16 cannot hold; null where there is none.</summary>
    internal static WeightSlot? BeyondFloat16(NeuralNetworkLayer layer, WeightSlot than) => WeightSlots.Of(layer).FirstOrDefault(slot =>
        slot.Name != than.Name && slot.SharesPrecision && !(FileMemory.Pieces(slot.Params.FloatValue.Memory).All(piece => IsWithinFloat16(MemoryMarshal.Cast<byte, float>(piece.Span))) && IsWithinFloat16([.. slot.Params.UnpackedFloats])));

    private static bool IsWithinFloat16(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            if (!(Math.Abs(value) < HalfRange.FirstInfinite))
            {
                return false;
            }
        }

        return true;
    }
}
