using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace SweepCluster.Testing.Packages;

/// <summary>Reads NumPy archives of float16 and float32 arrays.</summary>
public static partial class NpzFile
{
    /// <summary>Every array, as float32, by name.</summary>
    public static IReadOnlyDictionary<string, float[]> Read(string path)
    {
        using ZipArchive archive = ZipFile.OpenRead(path);
        return archive.Entries.ToDictionary(entry => entry.FullName[..^".npy".Length], ReadArray);
    }

    private static float[] ReadArray(ZipArchiveEntry entry)
    {
        using MemoryStream buffer = new();
        using (Stream stream = entry.Open())
        {
            stream.CopyTo(buffer);
        }

        byte[] bytes = buffer.ToArray();
        int headerLength = BitConverter.ToUInt16(bytes, 8);
        string header = Encoding.ASCII.GetString(bytes, 10, headerLength);
        ReadOnlySpan<byte> data = bytes.AsSpan(10 + headerLength);
        int[] shape =
        [
            .. ShapePattern().Match(header).Groups[1].Value
                .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(extent => int.Parse(extent, CultureInfo.InvariantCulture)),
        ];
        float[] values = header.Contains("'<f2'", StringComparison.Ordinal) ? [.. MemoryMarshal.Cast<byte, Half>(data).ToArray().Select(value => (float)value)]
            : header.Contains("'<f4'", StringComparison.Ordinal) ? MemoryMarshal.Cast<byte, float>(data).ToArray()
            : throw new InvalidDataException($"{entry.FullName}: {header}");
        if (values.Length != shape.Aggregate(1L, (product, extent) => product * extent))
        {
            throw new InvalidDataException($"{entry.FullName}: {values.Length} values for {header}");
        }

        return header.Contains("'fortran_order': True", StringComparison.Ordinal) ? ToRowMajor(values, shape) : values;
    }

    // Stored with the first axis fastest.
    private static float[] ToRowMajor(float[] values, int[] shape)
    {
        float[] rows = new float[values.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            int from = 0;
            for (int axis = shape.Length - 1, rest = i, stride = values.Length; axis >= 0; axis--)
            {
                stride /= shape[axis];
                from += rest % shape[axis] * stride;
                rest /= shape[axis];
            }

            rows[i] = values[from];
        }

        return rows;
    }

    [GeneratedRegex(@"'shape': \(([^)]*)\)")]
    private static partial Regex ShapePattern();
}
