using System.Collections.Concurrent;
using System.Collections.Immutable;
using Google.Protobuf.Reflection;
using SweepCluster.Formats.CoreMl.Protos;

namespace SweepCluster.Formats.CoreMl.Limits;

/// <summary>What a message of one type takes in memory, field by field: about, and never much less than it will be.</summary>
internal sealed class MessageLayout
{
    private const int ObjectBytes = 24;
    private const int FieldBytes = 8;
    private const int CollectionBytes = 40;
    private const int MapBytes = 160;
    private const int EntryBytes = 250; // of a map: its node, and its place in a table that grows

    private const int LayerNameBytes = 400; // an input becomes an operand, an output a value with a name of its own

    private static readonly HashSet<MessageDescriptor> s_weightHolders = WeightHolders();
    private static readonly ConcurrentDictionary<MessageDescriptor, MessageLayout> s_known = new();

    private readonly Dictionary<int, MessageField> _fields = [];

    private MessageLayout(MessageDescriptor type)
    {
        bool isEntry = type.GetOptions()?.MapEntry == true;
        OwnBytes = (isEntry ? EntryBytes : ObjectBytes) + GraphBytes(type.Name);
        BytesPerDepth = type.Name == "Operation" ? 50 : 0;
        foreach (FieldDescriptor field in type.Fields.InDeclarationOrder())
        {
            OwnBytes += field.IsMap ? MapBytes : field.IsRepeated ? CollectionBytes + FieldBytes : FieldBytes;
            _fields.Add(field.FieldNumber, new MessageField(
                field.FieldType switch
                {
                    FieldType.Message => FieldKind.Message,
                    FieldType.String => FieldKind.Text,
                    FieldType.Bytes => FieldKind.Bytes,
                    FieldType.Float or FieldType.Fixed32 or FieldType.SFixed32 => FieldKind.Fixed32,
                    FieldType.Double or FieldType.Fixed64 or FieldType.SFixed64 => FieldKind.Fixed64,
                    FieldType.Int64 or FieldType.UInt64 or FieldType.SInt64 => FieldKind.Number64,
                    _ => FieldKind.Number32,
                },
                field.IsRepeated,
                field.FieldType == FieldType.Message ? field.MessageType : null,
                type.Name == "NeuralNetworkLayer" && field.FieldType == FieldType.String ? LayerNameBytes : 0,
                HoldsWeights(field)));
        }

        WeightFields = [.. type.Fields.InDeclarationOrder().Where(HoldsWeights)];
    }

    /// <summary>Bytes of a message without any field set, with what a graph makes of it.</summary>
    internal int OwnBytes { get; }

    /// <summary>Bytes that are added for each message around one, beyond those around every operation: places in nested blocks name every block on the way.</summary>
    internal int BytesPerDepth { get; }

    /// <summary>The fields that hold bytes of a network's weights, or messages that may.</summary>
    internal ImmutableArray<FieldDescriptor> WeightFields { get; }

    /// <summary>The layout of a type.</summary>
    internal static MessageLayout Of(MessageDescriptor type) => s_known.GetOrAdd(type, unknown => new MessageLayout(unknown));

    /// <summary>What is known of a field; null for one that the type does not have.</summary>
    internal MessageField? Field(int number) => _fields.GetValueOrDefault(number);

    private static bool HoldsWeights(FieldDescriptor field) =>
        field.FieldType == FieldType.Message ? s_weightHolders.Contains(field.MessageType) : field.FieldType == FieldType.Bytes && field.ContainingType == WeightParams.Descriptor;

    // Types in which weights may be, however deep: by fields that lead to weights, then by fields that lead to those.
    private static HashSet<MessageDescriptor> WeightHolders()
    {
        HashSet<MessageDescriptor> all = [], holders = [WeightParams.Descriptor];
        Queue<MessageDescriptor> unseen = new([Model.Descriptor]);
        while (unseen.TryDequeue(out MessageDescriptor? type))
        {
            if (all.Add(type))
            {
                type.Fields.InDeclarationOrder().Where(field => field.FieldType == FieldType.Message).Select(field => field.MessageType).ToList().ForEach(unseen.Enqueue);
            }
        }

        while (all.Where(type => !holders.Contains(type) && type.Fields.InDeclarationOrder().Any(field => field.FieldType == FieldType.Message && holders.Contains(field.MessageType))).ToArray() is { Length: > 0 } found)
        {
            holders.UnionWith(found);
        }

        return holders;
    }

    // What reading makes of one, beside the message: an operation becomes a node with a place and named operands, a constant a tensor.
    private static int GraphBytes(string type) => type switch
    {
        "Operation" => 1000,
        "NeuralNetworkLayer" => 3000,
        "NamedValueType" => 300,
        "Binding" => 150,
        "Value" => 250,
        "BlobFileValue" or "RepeatedFloats" or "RepeatedBytes" or "WeightParams" => 1900, // a weight, if it is one
        _ => 0,
    };
}
