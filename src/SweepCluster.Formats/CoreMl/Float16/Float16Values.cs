using System.Runtime.InteropServices;
using SweepCluster.Formats.CoreMl.Blobs;
using SweepCluster.Formats.CoreMl.Programs;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Formats.CoreMl.Float16;

/// <summary>Makes float16 constants of float32 ones: those in the program as they stand, those in weight files as blobs beside the file's own.</summary>
/// <param name="values">Reads constants.</param>
/// <param name="keep">Keeps what was made outside memory; null keeps it in memory.</param>
internal sealed class Float16Values(ValueReader values, Func<CompressedWeight, CompressedWeight>? keep)
{
    private const ulong FirstOffset = 1UL << 62; // no file is as long, so these offsets are none of its own

    private readonly Dictionary<string, Dictionary<ulong, Blob>> _added = new(StringComparer.Ordinal);
    private readonly Dictionary<(string File, ulong Offset), ulong> _made = [];

    /// <summary>The blobs that were made, by the name of their file and the offset by which the program refers to them.</summary>
    internal IReadOnlyDictionary<string, Dictionary<ulong, Blob>> Added => _added;

    /// <summary>The same constant in float16, rounded to nearest, ties to even; blobs that were shared stay shared.</summary>
    /// <param name="value">A float32 tensor.</param>
    /// <param name="place">Where it stands, for messages.</param>
    internal Value ToHalf(Value value, string place)
    {
        Value half = new() { DocString = value.DocString, Type = ToHalf(value.Type) };
        if (value.BlobFileValue is not { } reference)
        {
            half.ImmediateValue = new Value.Types.ImmediateValue { Tensor = ValueWriter.Immediate(Convert(value, place)) };
            return half;
        }

        if (!_made.TryGetValue((reference.FileName, reference.Offset), out ulong offset))
        {
            if (!_added.TryGetValue(reference.FileName, out Dictionary<ulong, Blob>? blobs))
            {
                _added.Add(reference.FileName, blobs = []);
            }

            offset = FirstOffset + ((ulong)_made.Count * BlobFormat.Alignment);
            blobs.Add(offset, new Blob(BlobType.Float16, Keep(Convert(value, place)).Bytes, 0));
            _made.Add((reference.FileName, reference.Offset), offset);
        }

        half.BlobFileValue = new Value.Types.BlobFileValue { FileName = reference.FileName, Offset = offset };
        return half;
    }

    /// <summary>The same type with float16 elements.</summary>
    internal static MilValueType ToHalf(MilValueType type) => With(type, DataType.Float16);

    /// <summary>The same type with other elements.</summary>
    internal static MilValueType With(MilValueType type, DataType elements)
    {
        MilValueType other = type.Clone();
        other.TensorType.DataType = elements;
        return other;
    }

    private TensorData Keep(TensorData half) => keep is null ? half : ((DenseWeight)keep(new DenseWeight(ElementType.Float16, half))).Values;

    private TensorData Convert(Value value, string place)
    {
        TensorData data = ((Operand.Constant)values.Read(value, place)).Data;
        TensorData half = TensorData.FromFloat16(data.Shape, MemoryMarshal.Cast<byte, float>(data.Bytes.Span));
        data.Unload();
        return half;
    }
}
