using Google.Protobuf;
using SweepCluster.Formats.CoreMl.Protos;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks;

/// <summary>What layers are called in messages and listings.</summary>
internal static class LayerNames
{
    private const int FirstLayerField = 100;

    /// <summary>The kind of a layer, as <c>innerProduct</c>; of one that is not known, by its field: <c>layer 1500</c>.</summary>
    internal static string KindOf(NeuralNetworkLayer layer) => layer.LayerCase == NeuralNetworkLayer.LayerOneofCase.None
        ? UnknownKind(layer)
        : NeuralNetworkLayer.Descriptor.FindFieldByNumber((int)layer.LayerCase).Name;

    // Fields that no message declares are kept, but only their bytes tell which they are.
    private static string UnknownKind(NeuralNetworkLayer layer)
    {
        CodedInputStream stream = new(layer.ToByteArray());
        for (uint tag = stream.ReadTag(); tag != 0; tag = stream.ReadTag())
        {
            if (WireFormat.GetTagFieldNumber(tag) is >= FirstLayerField and var field)
            {
                return $"layer {field}";
            }

            stream.SkipLastField();
        }

        return "layer without a kind";
    }
}
