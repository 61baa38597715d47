using System.Buffers.Binary;
using System.Text;

namespace SweepCluster.Graphs.Weights;

/// <summary>Turns a <see cref="CompressedWeight"/> into bytes and back, so that a cell can be stored. Little-endian; equal weights give equal bytes.</summary>
/// <remarks>
/// Layout: magic <c>SWCW</c>, version (uint16, now 2), form (uint8: 0 dense, 1 palettized, 2 quantized, 3 sparse, 4 sparse palettized, 5 sparse quantized), one uint8 of the form's own
/// (element type of a dense weight; vector axis + 1 of a palettized one; decode arithmetic of a quantized one; 0 of the others),
/// the weight's shape, the number of parts (uint8), then each part: role (uint8, its place in the list below), element type (uint8), shape, length in bytes (int64), bytes.
/// A shape is its rank (uint8) and its extents (int32 each).
/// </remarks>
public static class CompressedWeightCodec
{
    private const ushort Version = 2;
    private const byte Dense = 0;
    private const byte Palettized = 1;
    private const byte Quantized = 2;
    private const byte Sparse = 3;
    private const byte SparsePalettized = 4;
    private const byte SparseQuantized = 5;

    private static readonly string[] s_roles = ["values", "indices", "table", "table_scales", "table_zero_points", "channel_scales", "codes", "scales", "zero_points", "mask", "biases"];

    private static ReadOnlySpan<byte> Magic => "SWCW"u8;

    /// <summary>Writes a weight.</summary>
    public static byte[] Encode(CompressedWeight weight)
    {
        using MemoryStream stream = new();
        Encode(weight, stream);
        return stream.ToArray();
    }

    /// <summary>Writes a weight to a stream, the tensors from where they lie.</summary>
    public static void Encode(CompressedWeight weight, Stream stream)
    {
        using BinaryWriter writer = new(stream, Encoding.UTF8, leaveOpen: true); // little-endian on every machine
        writer.Write(Magic);
        writer.Write(Version);
        (byte form, byte detail) = weight switch
        {
            DenseWeight dense => (Dense, (byte)dense.Type),
            PalettizedWeight palettized => (Palettized, (byte)((palettized.VectorAxis ?? -1) + 1)),
            QuantizedWeight quantized => (Quantized, (byte)quantized.Arithmetic),
            SparseWeight => (Sparse, (byte)0),
            SparsePalettizedWeight palettized => (SparsePalettized, (byte)((palettized.VectorAxis ?? -1) + 1)),
            SparseQuantizedWeight => (SparseQuantized, (byte)0),
            _ => throw new ArgumentException($"No form is known for {weight.GetType().Name}.", nameof(weight)),
        };
        writer.Write(form);
        writer.Write(detail);
        WriteShape(writer, weight.Shape);
        writer.Write((byte)weight.Parts.Count);
        foreach ((string role, TensorData part) in weight.Parts)
        {
            writer.Write((byte)Array.IndexOf(s_roles, role));
            writer.Write((byte)part.Type);
            WriteShape(writer, part.Shape);
            writer.Write((long)part.Bytes.Length);
            foreach (ReadOnlyMemory<byte> piece in FileMemory.Pieces(part.Bytes))
            {
                writer.Write(piece.Span);
            }
        }
    }

    /// <summary>Reads a weight that <see cref="Encode(CompressedWeight)"/> wrote. Its tensors are slices of <paramref name="bytes"/>, nothing is copied.</summary>
    /// <exception cref="BadInputException">The bytes are no stored weight, or a newer version's; names the byte, what was found and what was expected.</exception>
    public static CompressedWeight Decode(ReadOnlyMemory<byte> bytes)
    {
        Cursor cursor = new(bytes);
        if (!cursor.Take(Magic.Length, "the magic number").Span.SequenceEqual(Magic))
        {
            throw new BadInputException("stored weight, byte 0: found another magic number, expected SWCW.");
        }

        ushort version = BinaryPrimitives.ReadUInt16LittleEndian(cursor.Take(sizeof(ushort), "the version").Span);
        if (version != Version)
        {
            throw new BadInputException($"stored weight, byte 4: found version {version}, expected {Version}.");
        }

        byte form = cursor.TakeByte("the form");
        byte detail = cursor.TakeByte("the form's detail");
        Shape shape = cursor.TakeShape();
        int count = cursor.TakeByte("the number of parts");
        TensorData?[] parts = new TensorData?[s_roles.Length];
        for (int i = 0; i < count; i++)
        {
            byte role = cursor.TakeByte("a part's role");
            if (role >= parts.Length || parts[role] is not null)
            {
                throw new BadInputException($"stored weight: found a part of role {role}, expected one from 0 to {parts.Length - 1}, each once.");
            }

            parts[role] = cursor.TakeTensor();
        }

        cursor.ExpectEnd();
        try
        {
            return Assemble(form, detail, shape, parts);
        }
        catch (ArgumentException unfit)
        {
            throw new BadInputException($"stored weight: {unfit.Message}", unfit);
        }
    }

    private static CompressedWeight Assemble(byte form, byte detail, Shape shape, TensorData?[] parts)
    {
        HashSet<string> unused = [.. s_roles.Where((_, role) => parts[role] is not null)];
        CompressedWeight weight = form switch
        {
            Dense when Enum.IsDefined((ElementType)detail) => new DenseWeight((ElementType)detail, Part("values")),
            Palettized => new PalettizedWeight(shape, Part("indices"), Table(), detail == 0 ? null : detail - 1, Find("channel_scales")),
            Quantized when (DecodeArithmetic)detail == DecodeArithmetic.ScaleAndBias => new QuantizedWeight(Part("codes"), Part("scales"), Find("biases")),
            Quantized when Enum.IsDefined((DecodeArithmetic)detail) => new QuantizedWeight(Part("codes"), Part("scales"), Find("zero_points"), (DecodeArithmetic)detail),
            Sparse => new SparseWeight(Part("mask"), Part("values")),
            SparsePalettized => new SparsePalettizedWeight(shape, Part("mask"), Part("indices"), Table(), detail == 0 ? null : detail - 1),
            SparseQuantized => new SparseQuantizedWeight(Part("mask"), Part("codes"), Part("scales"), Find("zero_points")),
            _ => throw new ArgumentException($"found form {form} with detail {detail}, which is none."),
        };
        return unused.Count == 0 && weight.Shape == shape
            ? weight
            : throw new ArgumentException($"found form {form}, shape {shape} and parts that do not fit each other{(unused.Count > 0 ? ": " + string.Join(", ", unused) : "")}.");

        TensorData? Find(string role)
        {
            unused.Remove(role);
            return parts[Array.IndexOf(s_roles, role)];
        }

        TensorData Part(string role) => Find(role) ?? throw new ArgumentException($"found no part '{role}' in form {form}, expected one.");

        PaletteTable Table() => new(Part("table"), Find("table_scales"), Find("table_zero_points"));
    }

    private static void WriteShape(BinaryWriter writer, Shape shape)
    {
        writer.Write((byte)shape.Rank);
        foreach (int extent in shape.Extents)
        {
            writer.Write(extent);
        }
    }

    private sealed class Cursor(ReadOnlyMemory<byte> bytes)
    {
        private int _at;

        internal ReadOnlyMemory<byte> Take(long count, string what)
        {
            if (count < 0 || count > bytes.Length - _at)
            {
                throw new BadInputException($"stored weight, byte {_at}: found {bytes.Length - _at} bytes, expected {count} for {what}.");
            }

            ReadOnlyMemory<byte> taken = bytes.Slice(_at, (int)count);
            _at += (int)count;
            return taken;
        }

        internal byte TakeByte(string what) => Take(1, what).Span[0];

        internal Shape TakeShape()
        {
            int start = _at;
            ReadOnlySpan<byte> stored = Take(4L * TakeByte("a rank"), "a shape").Span;
            Span<int> extents = stackalloc int[stored.Length / 4];
            for (int axis = 0; axis < extents.Length; axis++)
            {
                extents[axis] = BinaryPrimitives.ReadInt32LittleEndian(stored[(4 * axis)..]);
                if (extents[axis] < 0)
                {
                    throw new BadInputException($"stored weight, byte {start}: found the extent {extents[axis]}, expected 0 or more.");
                }
            }

            return new Shape(extents);
        }

        internal TensorData TakeTensor()
        {
            int start = _at;
            ElementType type = (ElementType)TakeByte("an element type");
            Shape shape = TakeShape();
            long length = BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long), "a length").Span);
            ReadOnlyMemory<byte> content = Take(length, "a tensor");
            if (!Enum.IsDefined(type) || type == ElementType.String || ByteCount(type, shape) != length)
            {
                throw new BadInputException($"stored weight, byte {start}: found {length} bytes of type {(byte)type}, which do not fit the shape {shape}.");
            }

            return new TensorData(type, shape, content);
        }

        internal void ExpectEnd()
        {
            if (_at != bytes.Length)
            {
                throw new BadInputException($"stored weight, byte {_at}: found {bytes.Length - _at} more bytes, expected the end.");
            }
        }

        private static long ByteCount(ElementType type, Shape shape)
        {
            try
            {
                return type.ByteCount(shape.ElementCount);
            }
            catch (OverflowException)
            {
                return -1;
            }
        }
    }
}
