using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Google.Protobuf.Collections;
using SweepCluster.Formats.CoreMl.Blobs;
using SweepCluster.Formats.CoreMl.Documents;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.Programs;

/// <summary>Reads constants of a program, whether they stand in the program or in a weight file.</summary>
internal sealed class ValueReader(ModelContainer content)
{
    private const long SpareBytes = 8L << 20;

    private long? _decodable; // bytes that decoding may still take while the model is read

    /// <summary>Takes bytes for a tensor that must be decoded to go on reading; false where the model has used up what may be decoded: its own length, and 8 MiB.</summary>
    internal bool TrySpend(long bytes)
    {
        _decodable = (_decodable ?? (SpareBytes + content.SizeBytes)) - bytes;
        return _decodable >= 0;
    }

    /// <summary>A constant as an operand: <see cref="Operand.Constant"/>, <see cref="Operand.Text"/> or <see cref="Operand.Opaque"/>.</summary>
    /// <exception cref="BadInputException">Its bytes do not fit its type.</exception>
    internal Operand Read(Value value, string place)
    {
        if (value.Type?.TensorType is not { } type)
        {
            return new Operand.Opaque(value.Type?.TypeCase switch
            {
                MilValueType.TypeOneofCase.ListType => "a list",
                MilValueType.TypeOneofCase.TupleType => "a tuple",
                MilValueType.TypeOneofCase.DictionaryType => "a dictionary",
                MilValueType.TypeOneofCase.StateType => "a state",
                _ => "a value without a type",
            });
        }

        Shape shape = MilTypes.ShapeOf(type, place);
        if (type.DataType == DataType.String && value.ImmediateValue?.Tensor?.Strings is { Values.Count: 1 } text && shape.Rank == 0)
        {
            return new Operand.Text(Encoding.UTF8.GetString(text.Values[0].Span));
        }

        return type.DataType.ToElementType() is ElementType element and not ElementType.String
            ? new Operand.Constant(ReadTensor(value, element, shape, place))
            : new Operand.Opaque($"a tensor {type.DataType.ToString().ToLowerInvariant()} {shape}");
    }

    /// <summary>The texts of a constant list or tensor of texts or integers, as class labels are; null where it is something else.</summary>
    internal static IReadOnlyList<string>? ReadTexts(Value value)
    {
        IEnumerable<TensorValue?>? tensors = value.ImmediateValue?.ValueCase switch
        {
            Value.Types.ImmediateValue.ValueOneofCase.List => value.ImmediateValue.List.Values.Select(item => item.ImmediateValue?.Tensor),
            Value.Types.ImmediateValue.ValueOneofCase.Tensor => [value.ImmediateValue.Tensor],
            _ => null,
        };
        if (tensors is null)
        {
            return null;
        }

        List<string> texts = [];
        foreach (TensorValue? tensor in tensors)
        {
            switch (tensor?.ValueCase)
            {
                case TensorValue.ValueOneofCase.Strings:
                    texts.AddRange(tensor.Strings.Values.Select(text => Encoding.UTF8.GetString(text.Span)));
                    break;
                case TensorValue.ValueOneofCase.LongInts:
                    texts.AddRange(tensor.LongInts.Values.Select(number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture)));
                    break;
                case TensorValue.ValueOneofCase.Ints:
                    texts.AddRange(tensor.Ints.Values.Select(number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture)));
                    break;
                default:
                    return null;
            }
        }

        return texts;
    }

    private TensorData ReadTensor(Value value, ElementType element, Shape shape, string place)
    {
        if (CountOf(shape) is not long count)
        {
            throw Fault(place, $"a constant of shape {shape}", "a shape with known extents and fewer than 2^60 elements");
        }

        ReadOnlyMemory<byte> bytes = value.ValueCase switch
        {
            Value.ValueOneofCase.BlobFileValue => ReadBlob(value.BlobFileValue, element, shape, count, place),
            Value.ValueOneofCase.ImmediateValue when value.ImmediateValue.Tensor is { } tensor => ReadImmediate(tensor, element, place),
            _ => throw Fault(place, "a constant without a value", $"a tensor {element.Name()} {shape}"),
        };
        return bytes.Length == element.ByteCount(count)
            ? new TensorData(element, shape, bytes)
            : throw Fault(place, $"{bytes.Length} bytes", $"{element.ByteCount(count)} bytes for a tensor {element.Name()} {shape}");
    }

    private ReadOnlyMemory<byte> ReadBlob(Value.Types.BlobFileValue reference, ElementType element, Shape shape, long count, string place)
    {
        BlobFile file = content.BlobFile(reference.FileName, place);
        Blob blob = file.Read(reference.Offset, place);
        if (blob.Type.ToElementType() != element)
        {
            throw Fault(place, $"a blob of type {blob.Type} at byte {reference.Offset} of {file.Path}", $"{element.Name()}");
        }

        int padding = BlobFormat.PaddingBits(element.BitWidth(), count);
        return blob.PaddingBits == padding && blob.Data.Length == element.ByteCount(count)
            ? blob.Data
            : throw Fault(place, $"a blob of {blob.Data.Length} bytes with {blob.PaddingBits} padding bits at byte {reference.Offset} of {file.Path}",
                $"{element.ByteCount(count)} bytes with {padding} padding bits for a tensor {element.Name()} {shape}");
    }

    private ReadOnlyMemory<byte> ReadImmediate(TensorValue tensor, ElementType element, string place)
    {
        switch (tensor.ValueCase)
        {
            case TensorValue.ValueOneofCase.Bytes:
                return tensor.Bytes.Values.Memory;
            case TensorValue.ValueOneofCase.Floats when element == ElementType.Float32:
                return Bytes<float, float>(tensor.Floats.Values, value => value);
            case TensorValue.ValueOneofCase.Doubles when element == ElementType.Float64:
                return Bytes<double, double>(tensor.Doubles.Values, value => value);
            case TensorValue.ValueOneofCase.Bools when element == ElementType.Bool:
                return Bytes<bool, byte>(tensor.Bools.Values, value => value ? (byte)1 : (byte)0);
            case TensorValue.ValueOneofCase.LongInts when element is ElementType.Int64 or ElementType.UInt64:
                return Bytes<long, long>(tensor.LongInts.Values, value => value);
            case TensorValue.ValueOneofCase.Ints when element is ElementType.Int32 or ElementType.UInt32:
                return Bytes<int, int>(tensor.Ints.Values, value => value);
            case TensorValue.ValueOneofCase.Ints when element is ElementType.Int16 or ElementType.UInt16:
                return Bytes<int, short>(tensor.Ints.Values, value => (short)value);
            case TensorValue.ValueOneofCase.Ints when element is ElementType.Int8 or ElementType.UInt8:
                return Bytes<int, byte>(tensor.Ints.Values, value => (byte)value);
            default:
                throw Fault(place, $"values stored as {tensor.ValueCase}", $"values of type {element.Name()}");
        }
    }

    private static byte[] Bytes<TFrom, TTo>(RepeatedField<TFrom> values, Func<TFrom, TTo> convert)
        where TTo : unmanaged
    {
        byte[] bytes = new byte[(long)Unsafe.SizeOf<TTo>() * values.Count];
        Span<TTo> elements = MemoryMarshal.Cast<byte, TTo>(bytes.AsSpan());
        for (int i = 0; i < elements.Length; i++)
        {
            elements[i] = convert(values[i]);
        }

        return bytes;
    }

    private static long? CountOf(Shape shape)
    {
        const long Most = 1L << 60; // leaves room to count bits
        long count = 1;
        foreach (int extent in shape.Extents)
        {
            if (extent < 0 || (extent > 0 && count > Most / extent))
            {
                return null;
            }

            count *= extent;
        }

        return count;
    }

    private BadInputException Fault(string place, string found, string expected) =>
        new BadInputException($"{content.ModelPath}, {place}: found {found}, expected {expected}.");
}
