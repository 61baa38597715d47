namespace SweepCluster.Testing.Packages;

/// <summary>Writes neural networks of any size without holding them: a chain of inner products in one file.</summary>
public static class LargeNetwork
{
    private const int Version = 3, InnerProduct = 140, Rows = 1, Columns = 2, Weights = 20, Layers = 1;

    /// <summary>Writes a network.</summary>
    /// <param name="path">Where to; a new file.</param>
    /// <param name="layers">Outputs and inputs of each layer <c>fc0</c>, ...</param>
    /// <param name="fields">Fields of the message that holds a layer's weights, with the length of each where its values are written by <paramref name="values"/>.</param>
    /// <param name="values">Writes so many bytes: the values of a layer.</param>
    public static void Write(string path, IReadOnlyList<(int Outputs, int Inputs)> layers, Func<int, (int Field, long Bytes, byte[] Others)> fields, Action<Stream, int, long> values)
    {
        using FileStream file = new(path, FileMode.CreateNew, FileAccess.Write);
        LongMessage[] messages = [.. layers.Select((layer, index) => LayerOf(layer, index, fields(index), values))];
        LongMessage network = messages.Aggregate(new LongMessage(), (network, layer) => network.Message(Layers, layer));
        byte[] ends = Wire.Of((1, Feature("x", layers[0].Inputs)), (10, Feature("y", layers[^1].Outputs)));
        new LongMessage().Bytes(Wire.Of((1, Version), (2, ends))).Message(WireNetwork.Plain, network).WriteTo(file);
    }

    /// <summary>A chain of float32 layers, their values those of <see cref="LargePackage"/>.</summary>
    public static void WriteFloat32(string path, IReadOnlyList<(int Outputs, int Inputs)> layers) => Write(
        path, layers, index => (1, sizeof(float) * (long)layers[index].Outputs * layers[index].Inputs, []), (stream, layer, bytes) => LargePackage.WriteValues(stream, layer, bytes / sizeof(float), isFloat32: true));

    /// <summary>A chain of layers of one-bit indices into tables of two float32 values; what decompressing makes 32 times as long.</summary>
    public static void WriteOneBit(string path, IReadOnlyList<(int Outputs, int Inputs)> layers)
    {
        byte[] table = Wire.Of((40, Wire.Of((1, 1), (102, Wire.Of((1, WireNetwork.Floats(-0.5f, 0.25f)))))));
        byte[] indices = new byte[1 << 16];
        new Random(20261121).NextBytes(indices);
        Write(
            path, layers, index => (30, (long)layers[index].Outputs * layers[index].Inputs / 8, table), (stream, _, bytes) =>
            {
                for (long left = bytes; left > 0; left -= indices.Length)
                {
                    stream.Write(indices, 0, (int)Math.Min(left, indices.Length));
                }
            });
    }

    private static LongMessage LayerOf((int Outputs, int Inputs) extents, int index, (int Field, long Bytes, byte[] Others) weights, Action<Stream, int, long> values)
    {
        LongMessage stored = new LongMessage().Long(weights.Field, weights.Bytes, stream => values(stream, index, weights.Bytes)).Bytes(weights.Others);
        LongMessage product = new LongMessage().Bytes(Wire.Of((Rows, extents.Inputs), (Columns, extents.Outputs))).Message(Weights, stored);
        return new LongMessage().Bytes(Wire.Of((1, $"fc{index}"), (2, index == 0 ? "x" : $"b{index - 1}"), (3, $"b{index}"))).Message(InnerProduct, product);
    }

    private static byte[] Feature(string name, int extent) => Wire.Of((1, name), (3, Wire.Of((5, Wire.Of((1, Wire.Packed(extent)), (2, 65568))))));

    // A message whose parts are written when it is.
    private sealed class LongMessage
    {
        private readonly List<Action<Stream>> _parts = [];
        private long _length;

        internal LongMessage Bytes(byte[] fields)
        {
            _length += fields.Length;
            _parts.Add(stream => stream.Write(fields));
            return this;
        }

        internal LongMessage Long(int field, long length, Action<Stream> write)
        {
            using MemoryStream head = new();
            Wire.Varint(head, ((ulong)field << 3) | 2);
            Wire.Varint(head, (ulong)length);
            Bytes(head.ToArray());
            _length += length;
            _parts.Add(write);
            return this;
        }

        internal LongMessage Message(int field, LongMessage message) => Long(field, message._length, message.WriteTo);

        internal void WriteTo(Stream stream) => _parts.ForEach(part => part(stream));
    }
}
