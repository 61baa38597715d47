using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SweepCluster.Testing.Packages;

/// <summary>Decodes constants of an ML program: those in the program and those in its weight files.</summary>
internal sealed class MilValues(string modelFolder)
{
    // Numbers of the format's data types: name, bits, signed.
    private static readonly Dictionary<ulong, (string Name, int Bits, bool Signed)> s_types = new()
    {
        [1] = ("bool", 8, false),
        [2] = ("string", 0, false),
        [10] = ("fp16", 16, true),
        [11] = ("fp32", 32, true),
        [12] = ("fp64", 64, true),
        [13] = ("bf16", 16, true),
        [21] = ("int8", 8, true),
        [22] = ("int16", 16, true),
        [23] = ("int32", 32, true),
        [24] = ("int64", 64, true),
        [25] = ("int4", 4, true),
        [31] = ("uint8", 8, false),
        [32] = ("uint16", 16, false),
        [33] = ("uint32", 32, false),
        [34] = ("uint64", 64, false),
        [35] = ("uint4", 4, false),
        [36] = ("uint2", 2, false),
        [37] = ("uint1", 1, false),
        [38] = ("uint6", 6, false),
        [39] = ("uint3", 3, false),
        [40] = ("fp8e4m3fn", 0, true), // no graph has them: told apart, never decoded
        [41] = ("fp8e5m2", 0, true),
    };

    // The same for the types of blob records.
    private static readonly Dictionary<uint, string> s_blobTypes = new()
    {
        [1] = "fp16",
        [2] = "fp32",
        [3] = "uint8",
        [4] = "int8",
        [5] = "bf16",
        [6] = "int16",
        [7] = "uint16",
        [8] = "int4",
        [9] = "uint1",
        [10] = "uint2",
        [11] = "uint4",
        [12] = "uint3",
        [13] = "uint6",
        [14] = "int32",
        [15] = "uint32",
        [16] = "fp8e4m3fn",
        [17] = "fp8e5m2",
    };

    private readonly Dictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    /// <summary>Offsets of the blobs that were read, by file.</summary>
    internal SortedSet<(string File, ulong Offset)> Blobs { get; } = [];

    /// <summary>A tensor type as text: <c>fp16[16,3]</c>.</summary>
    internal static string TypeOf(WireMessage valueType)
    {
        if (!valueType.Has(1))
        {
            return "other:" + string.Join(';', valueType.Fields.Select(field => $"{field.Field}={Convert.ToHexStringLower(field.Bytes.Span)}"));
        }

        WireMessage tensor = valueType.Message(1);
        string name = s_types.TryGetValue(tensor.Number(1), out (string Name, int, bool) type) ? type.Name : $"type{tensor.Number(1)}";
        return name + "[" + string.Join(',', tensor.Messages(3).Select(dimension => dimension.Has(1) ? dimension.Message(1).Number(1).ToString(null, null) : "?")) + "]";
    }

    /// <summary>A value as text that is the same for the same content wherever its bytes lie.</summary>
    internal string Describe(WireMessage value)
    {
        string type = TypeOf(value.Message(2));
        if (value.Has(5))
        {
            return $"{type}@{Convert.ToHexStringLower(SHA256.HashData(BlobBytes(value.Message(5), out _).Span))[..16]}";
        }

        WireMessage immediate = value.Message(3);
        string content = immediate.Has(4) ? string.Join(',', immediate.Message(4).Messages(1).Select(pair => $"{Describe(pair.Message(1))}:{Describe(pair.Message(2))}"))
            : immediate.Has(3) ? string.Join(',', immediate.Message(3).Messages(1).Select(Describe))
            : immediate.Has(2) ? string.Join(',', immediate.Message(2).Messages(1).Select(Describe))
            : Convert.ToHexStringLower(value.Bytes(3).Span);
        return $"{type}={value.Text(1)}({content})";
    }

    /// <summary>The text of a text constant.</summary>
    internal static string Text(WireMessage value) => value.Message(3).Message(1).Message(4).Text(1);

    /// <summary>A numeric tensor; null for every other kind of value.</summary>
    internal MilTensor? Tensor(WireMessage value)
    {
        WireMessage tensor = value.Message(2).Message(1);
        if (!value.Message(2).Has(1) || !s_types.TryGetValue(tensor.Number(1), out (string Name, int Bits, bool Signed) type) || type.Bits == 0)
        {
            return null;
        }

        int[] shape = [.. tensor.Messages(3).Select(dimension => checked((int)dimension.Message(1).Number(1)))];
        int count = shape.Aggregate(1, (product, extent) => checked(product * extent));
        double[] values = value.Has(5)
            ? Unpack(BlobOf(value.Message(5), type.Name, type.Bits, count), type, count)
            : Immediate(value.Message(3).Message(1), type, count);
        return values.Length == count ? new MilTensor(type.Name, shape, values) : throw new InvalidDataException($"{values.Length} values for {count} elements.");
    }

    private static double[] Immediate(WireMessage tensor, (string Name, int Bits, bool Signed) type, int count)
    {
        if (tensor.Has(1))
        {
            ReadOnlyMemory<byte> floats = tensor.Message(1).Bytes(1);
            return Unpack(floats, ("fp32", 32, true), floats.Length / 4);
        }

        if (tensor.Has(2))
        {
            return [.. tensor.Message(2).Numbers(1).Select(number => (double)(int)number)];
        }

        if (tensor.Has(3))
        {
            return [.. tensor.Message(3).Numbers(1).Select(number => (double)number)];
        }

        if (tensor.Has(6))
        {
            return Unpack(tensor.Message(6).Bytes(1), ("fp64", 64, true), count);
        }

        return tensor.Has(5)
            ? [.. tensor.Message(5).Numbers(1).Select(number => (double)(long)number)]
            : Unpack(tensor.Message(7).Bytes(1), type, count);
    }

    private ReadOnlyMemory<byte> BlobOf(WireMessage reference, string type, int bits, int count)
    {
        ReadOnlyMemory<byte> bytes = BlobBytes(reference, out (string Type, ulong Padding) record);
        if (record.Type != type || bytes.Length != ((count * (long)bits) + 7) / 8)
        {
            throw new InvalidDataException($"A blob {record.Type} of {bytes.Length} bytes for {count} elements {type}.");
        }

        return bits >= 8 || record.Padding == (ulong)((8 - (count * (long)bits % 8)) % 8)
            ? bytes
            : throw new InvalidDataException($"{record.Padding} padding bits for {count} elements of {bits} bits.");
    }

    private ReadOnlyMemory<byte> BlobBytes(WireMessage reference, out (string Type, ulong Padding) record)
    {
        string name = reference.Text(1);
        if (!_files.TryGetValue(name, out byte[]? file))
        {
            file = File.ReadAllBytes(Path.Combine(modelFolder, name.Replace("@model_path/", "", StringComparison.Ordinal)));
            _files.Add(name, file);
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(4)) != 2)
        {
            throw new InvalidDataException("Blob storage is not version 2.");
        }

        ulong offset = reference.Number(2);
        Blobs.Add((name, offset));
        ReadOnlySpan<byte> header = file.AsSpan(checked((int)offset), 64);
        if (BinaryPrimitives.ReadUInt32LittleEndian(header) != 0xDEADBEEF || offset % 64 != 0)
        {
            throw new InvalidDataException($"No record at byte {offset}.");
        }

        record = (s_blobTypes[BinaryPrimitives.ReadUInt32LittleEndian(header[4..])], BinaryPrimitives.ReadUInt64LittleEndian(header[24..]));
        int start = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(header[16..]));
        return start % 64 == 0
            ? file.AsMemory(start, checked((int)BinaryPrimitives.ReadUInt64LittleEndian(header[8..])))
            : throw new InvalidDataException($"Data at byte {start}.");
    }

    private static double[] Unpack(ReadOnlyMemory<byte> memory, (string Name, int Bits, bool Signed) type, int count)
    {
        ReadOnlySpan<byte> bytes = memory.Span;
        double[] values = new double[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = type.Name switch
            {
                "fp16" => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes[(2 * i)..]),
                "fp32" => BinaryPrimitives.ReadSingleLittleEndian(bytes[(4 * i)..]),
                "fp64" => BinaryPrimitives.ReadDoubleLittleEndian(bytes[(8 * i)..]),
                "bf16" => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadInt16LittleEndian(bytes[(2 * i)..]) << 16),
                _ => Integer(bytes, i, type.Bits, type.Signed),
            };
        }

        return values;
    }

    private static double Integer(ReadOnlySpan<byte> bytes, int index, int bits, bool signed)
    {
        long value = 0;
        for (int bit = 0; bit < bits; bit++)
        {
            long at = ((long)index * bits) + bit;
            value |= (long)((bytes[(int)(at / 8)] >> (int)(at % 8)) & 1) << bit;
        }

        return signed && bits < 64 && (value >> (bits - 1)) != 0 ? value - (1L << bits) : value;
    }
}
