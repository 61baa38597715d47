using System.Text;
using Google.Protobuf;
using SweepCluster.Formats.CoreMl.Blobs;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.Programs;

/// <summary>Makes constants of a program: small ones stand in the program, the others are noted down for a weight file.</summary>
internal sealed class ValueWriter
{
    private const int FewestInBlob = 10; // elements; fewer stand in the program

    private readonly Dictionary<Value, TensorData> _pending = new(ReferenceEqualityComparer.Instance);

    /// <summary>The tensor that a value made here is to hold, where that is for a weight file; null for every other value.</summary>
    internal TensorData? PendingOf(Value value) => _pending.GetValueOrDefault(value);

    /// <summary>Whether a tensor goes to a weight file; those of fewer than 10 elements stand in the program.</summary>
    internal static bool GoesToFile(TensorData data) => data.Shape.ElementCount >= FewestInBlob && data.Type.ToBlobType() is not null;

    /// <summary>A constant tensor.</summary>
    /// <param name="data">Type, shape and values.</param>
    /// <param name="fileName">The weight file, as the program names it; its offset is filled in when the file is laid out.</param>
    internal Value Tensor(TensorData data, string fileName)
    {
        Value value = new() { Type = MilTypes.TensorOf(data.Type, data.Shape) };
        if (GoesToFile(data))
        {
            value.BlobFileValue = new Value.Types.BlobFileValue { FileName = fileName };
            _pending.Add(value, data);
        }
        else
        {
            value.ImmediateValue = new Value.Types.ImmediateValue { Tensor = Immediate(data) };
        }

        return value;
    }

    /// <summary>A constant text.</summary>
    internal static Value Text(string text)
    {
        TensorValue.Types.RepeatedStrings strings = new();
        strings.Values.Add(ByteString.CopyFrom(text, Encoding.UTF8));
        return new Value
        {
            Type = MilTypes.TensorOf(ElementType.String, Shape.Scalar),
            ImmediateValue = new Value.Types.ImmediateValue { Tensor = new TensorValue { Strings = strings } },
        };
    }

    // Which field holds which type is part of the format: 16- and 32-bit integers stand as numbers, except uint32. Sub-byte types are packed in the bytes as they are in a blob, element i at bit
    // i * bits, the last byte filled up with zeros: so coremltools 9 writes and reads them (_numpy_val_to_bytes and _restore_np_from_bytes_value). The framework that reads them on a device is not
    // open; that it agrees rests on this.
    internal static TensorValue Immediate(TensorData data)
    {
        switch (data.Type)
        {
            case ElementType.Float32:
                TensorValue.Types.RepeatedFloats floats = new();
                floats.Values.AddRange(data.ToFloat32());
                return new TensorValue { Floats = floats };
            case ElementType.Int32 or ElementType.Int16 or ElementType.UInt16:
                TensorValue.Types.RepeatedInts ints = new();
                ints.Values.AddRange(data.ToInt32());
                return new TensorValue { Ints = ints };
            case ElementType.Float16 or ElementType.Int8 or ElementType.UInt8 or ElementType.UInt32 or ElementType.Int4
                or ElementType.UInt1 or ElementType.UInt2 or ElementType.UInt3 or ElementType.UInt4 or ElementType.UInt6:
                return new TensorValue { Bytes = new TensorValue.Types.RepeatedBytes { Values = UnsafeByteOperations.UnsafeWrap(data.Bytes) } };
            default:
                throw new ArgumentException($"A tensor of {data.Type.Name()} is no part of a weight.", nameof(data));
        }
    }
}
