using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace SweepCluster.Testing.Packages;

/// <summary>Writes Core ML packages of any size without holding them: a chain of linear layers with float16 or float32 weights, for iOS 18, whose values are drawn or left as holes of the file.</summary>
public static class LargePackage
{
    private const int Float16 = 10, Float32 = 11, Text = 2;
    private const uint Float16Blob = 1, Float32Blob = 2;
    private const int Align = 64, RecordBytes = 64;
    private const string WeightFile = "@model_path/weights/weight.bin";

    private static readonly Lazy<Half[]> s_drawn = new(Draw);

    /// <summary>Writes a package.</summary>
    /// <param name="path">Where to; a new folder.</param>
    /// <param name="layers">Rows and columns of each weight <c>weight_0</c>, ...; without values it is zeros that take no disk.</param>
    /// <param name="isFloat32">Whether program and weights are float32.</param>
    public static void Write(string path, IReadOnlyList<(int Rows, int Columns, bool HasValues)> layers, bool isFloat32 = false)
    {
        string folder = Path.Combine(path, "Data", "com.apple.CoreML");
        Directory.CreateDirectory(Path.Combine(folder, "weights"));
        long[] offsets = WriteWeights(Path.Combine(folder, "weights", "weight.bin"), layers, isFloat32);
        File.WriteAllBytes(Path.Combine(folder, "model.mlmodel"), Model(layers, offsets, isFloat32 ? Float32 : Float16).ToBytes());
        File.WriteAllText(Path.Combine(path, "Manifest.json"), """
            {"fileFormatVersion": "1.0.0", "itemInfoEntries": {
              "A": {"author": "com.apple.CoreML", "description": "CoreML Model Specification", "name": "model.mlmodel", "path": "com.apple.CoreML/model.mlmodel"},
              "B": {"author": "com.apple.CoreML", "description": "CoreML Model Weights", "name": "weights", "path": "com.apple.CoreML/weights"}},
             "rootModelIdentifier": "A"}
            """);
    }

    /// <summary>The values of one layer.</summary>
    public static Half ValueOf(int layer, long index)
    {
        Half[] drawn = s_drawn.Value;
        return drawn[(index + (layer * 7919L)) % drawn.Length];
    }

    private static long[] WriteWeights(string path, IReadOnlyList<(int Rows, int Columns, bool HasValues)> layers, bool isFloat32)
    {
        long[] offsets = new long[layers.Count];
        using FileStream file = new(path, FileMode.CreateNew, FileAccess.Write);
        Span<byte> record = stackalloc byte[RecordBytes];
        record.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(record, layers.Count);
        BinaryPrimitives.WriteInt32LittleEndian(record[4..], 2);
        file.Write(record);
        long end = RecordBytes;
        for (int layer = 0; layer < offsets.Length; layer++)
        {
            offsets[layer] = (end + Align - 1) / Align * Align;
            long count = (long)layers[layer].Rows * layers[layer].Columns, bytes = count * (isFloat32 ? sizeof(float) : 2);
            record.Clear();
            BinaryPrimitives.WriteUInt32LittleEndian(record, 0xDEADBEEF);
            BinaryPrimitives.WriteUInt32LittleEndian(record[4..], isFloat32 ? Float32Blob : Float16Blob);
            BinaryPrimitives.WriteInt64LittleEndian(record[8..], bytes);
            BinaryPrimitives.WriteInt64LittleEndian(record[16..], offsets[layer] + RecordBytes);
            file.Position = offsets[layer];
            file.Write(record);
            end = offsets[layer] + RecordBytes + bytes;
            if (layers[layer].HasValues)
            {
                WriteValues(file, layer, count, isFloat32);
            }
        }

        file.SetLength(end);
        return offsets;
    }

    internal static void WriteValues(Stream file, int layer, long count, bool isFloat32)
    {
        Half[] drawn = s_drawn.Value;
        float[] wide = isFloat32 ? Array.ConvertAll(drawn, value => (float)value) : [];
        for (long done = 0; done < count;)
        {
            int at = (int)((done + (layer * 7919L)) % drawn.Length);
            int step = (int)Math.Min(count - done, drawn.Length - at);
            file.Write(isFloat32 ? MemoryMarshal.AsBytes(wide.AsSpan(at, step)) : MemoryMarshal.AsBytes(drawn.AsSpan(at, step)));
            done += step;
        }
    }

    // Normal values; their number is prime to the extents, so that no two rows are alike.
    private static Half[] Draw()
    {
        Random random = new(20261120);
        Half[] values = new Half[(1 << 21) - 9];
        for (int i = 0; i < values.Length; i++)
        {
            double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            values[i] = (Half)(0.02 * radius * Math.Cos(2 * Math.PI * random.NextDouble()));
        }

        return values;
    }

    private static WireWriter Model(IReadOnlyList<(int Rows, int Columns, bool HasValues)> layers, long[] offsets, int type)
    {
        WireWriter block = new WireWriter().Text(2, $"layer_{offsets.Length - 1}");
        for (int layer = 0; layer < offsets.Length; layer++)
        {
            (int rows, int columns, _) = layers[layer];
            WireWriter blob = new WireWriter().Message(2, Tensor(type, rows, columns)).Message(5, new WireWriter().Text(1, WeightFile).Number(2, (ulong)offsets[layer]));
            block.Message(3, new WireWriter().Text(1, "const").Message(3, Named($"weight_{layer}", type, rows, columns)).Entry(5, "name", Name($"weight_{layer}")).Entry(5, "val", blob));
            block.Message(3, new WireWriter().Text(1, "linear")
                .Entry(2, "x", Reads(layer == 0 ? "x" : $"layer_{layer - 1}")).Entry(2, "weight", Reads($"weight_{layer}"))
                .Message(3, Named($"layer_{layer}", type, 1, rows)).Entry(5, "name", Name($"layer_{layer}")));
        }

        WireWriter function = new WireWriter().Message(1, Named("x", type, 1, layers[0].Columns)).Text(2, "CoreML8").Entry(3, "CoreML8", block);
        return new WireWriter().Number(1, 9).Message(502, new WireWriter().Number(1, 1).Entry(2, "main", function));
    }

    private static WireWriter Reads(string name) => new WireWriter().Message(1, new WireWriter().Text(1, name));

    private static WireWriter Named(string name, int type, params int[] extents) => new WireWriter().Text(1, name).Message(2, Tensor(type, extents));

    private static WireWriter Name(string name) => new WireWriter().Message(2, Tensor(Text))
        .Message(3, new WireWriter().Message(1, new WireWriter().Message(4, new WireWriter().Text(1, name))));

    private static WireWriter Tensor(int type, params int[] extents)
    {
        WireWriter tensor = new WireWriter().Number(1, (ulong)type).Number(2, (ulong)extents.Length);
        foreach (int extent in extents)
        {
            tensor.Message(3, new WireWriter().Message(1, new WireWriter().Number(1, (ulong)extent)));
        }

        return new WireWriter().Message(1, tensor);
    }
}
