namespace SweepCluster.Testing.Packages;

/// <summary>Small ML programs made on the wire: one for each operation set, one for each way to store a weight, and one with everything that programs can hold.</summary>
public static class SamplePrograms
{
    private static readonly int[] s_shape = [4, 6];

    /// <summary>Every one, by name.</summary>
    public static IReadOnlyDictionary<string, WirePackage> All { get; } = new SortedDictionary<string, WirePackage>(
        Levels().Concat(OlderForms()).Concat(NewerForms()).Append(("everything", SampleEverything.Make())).ToDictionary(entry => entry.Item1, entry => entry.Item2), StringComparer.Ordinal);

    /// <summary>A program whose last operation reads a weight <c>w</c> of shape [4, 6].</summary>
    /// <param name="level">Level of its operation set.</param>
    /// <param name="weights">Its weight file.</param>
    /// <param name="type">Type of the weight.</param>
    /// <param name="operations">The operations that give it.</param>
    public static WirePackage Linear(int level, WireBlobs weights, string type, params byte[][] operations)
    {
        byte[] linear = Mil.Operation("linear", [Mil.Named("y", Mil.Tensor(type, 1, 4))], [("x", Mil.Read("x")), ("weight", Mil.Read("w"))], [("name", Mil.Text("y"))]);
        byte[] main = Mil.Function($"CoreML{level}", [Mil.Named("x", Mil.Tensor(type, 1, 6))], ($"CoreML{level}", Mil.Block([.. operations, linear], ["y"])));
        return WirePackage.Of(Mil.Model(level + 1, Wire.Of((1, Wire.Of((1, "x"))), (10, Wire.Of((1, "y")))), ("main", main)), weights);
    }

    /// <summary>Bytes that look like a tensor's: codes of every value, floats that are finite.</summary>
    public static byte[] Elements(string type, int count, int seed = 1)
    {
        Random random = new(seed);
        byte[] bytes = new byte[((count * Mil.Bits(type)) + 7) / 8];
        random.NextBytes(bytes);
        for (int i = 0; type is "fp16" or "fp32" or "bf16" && i < count; i++)
        {
            float value = (random.NextSingle() - 0.5f) / 2;
            (type switch
            {
                "fp16" => BitConverter.GetBytes((Half)value),
                "bf16" => BitConverter.GetBytes(value)[2..],
                _ => BitConverter.GetBytes(value),
            }).CopyTo(bytes, i * Mil.Bits(type) / 8);
        }

        int unused = (8 - (count * Mil.Bits(type) % 8)) % 8;
        if (bytes.Length > 0)
        {
            bytes[^1] = (byte)(bytes[^1] & (0xFF >> unused));
        }

        return bytes;
    }

    /// <summary>An operation that gives a weight, its operands as attributes up to iOS 17 and as inputs from iOS 18 on.</summary>
    public static byte[] Constexpr(int level, string type, byte[][] outputs, params (string Name, byte[] Value)[] operands) => level >= 8
        ? Mil.Operation(type, outputs, [.. operands.Select(operand => (operand.Name, Mil.Inline(operand.Value)))], [("name", Mil.Text("w"))])
        : Mil.Operation(type, outputs, attributes: [("name", Mil.Text("w")), .. operands]);

    private static IEnumerable<(string, WirePackage)> Levels()
    {
        for (int level = 3; level <= 9; level++)
        {
            WireBlobs blobs = new();
            byte[] value = Mil.Blob(blobs, "fp32", s_shape, Elements("fp32", 24, level));
            yield return ($"CoreML{level}", Linear(level, blobs, "fp32", Mil.Const("w", value, Mil.Tensor("fp32", s_shape))));
        }
    }

    private static IEnumerable<(string, WirePackage)> OlderForms()
    {
        foreach (string type in new[] { "fp16", "fp32" })
        {
            byte[][] output = [Mil.Named("w", Mil.Tensor(type, s_shape))];
            byte[] shape = Mil.Bytes("uint32", [2], [4, 0, 0, 0, 6, 0, 0, 0]);
            foreach (int bits in new[] { 1, 2, 4, 6, 8 })
            {
                WireBlobs blobs = new();
                yield return ($"iOS16 lut {bits} {type}", Linear(6, blobs, type, Constexpr(6, "constexpr_lut_to_dense", output,
                    ("indices", Mil.Blob(blobs, "uint8", [3 * bits], Elements("uint8", 3 * bits, bits))), ("lut", Mil.Blob(blobs, type, [1 << bits], Elements(type, 1 << bits))), ("shape", shape))));
            }

            foreach ((string name, int[] extents, int axis) in new (string, int[], int)[] { ("scalar", [], 0), ("vector", [4], 0), ("vector on the last axis", [6], -1) })
            {
                foreach (string codes in new[] { "int8", "uint8" })
                {
                    WireBlobs blobs = new();
                    int count = extents.Length == 0 ? 1 : extents[0];
                    yield return ($"iOS16 affine {codes} {name} {type}", Linear(6, blobs, type, Constexpr(6, "constexpr_affine_dequantize", output,
                        ("quantized_data", Mil.Blob(blobs, codes, s_shape, Elements(codes, 24))), ("zero_point", Mil.Bytes(codes, extents, Elements(codes, count, 2))),
                        ("scale", Mil.Bytes(type, extents, Elements(type, count, 3))), ("axis", Mil.Ints([], axis)))));
                }
            }

            WireBlobs sparse = new();
            yield return ($"iOS16 sparse {type}", Linear(6, sparse, type, Constexpr(6, "constexpr_sparse_to_dense", output,
                ("nonzero_data", Mil.Blob(sparse, type, [12], Elements(type, 12))), ("mask", Mil.Blob(sparse, "uint8", [3], [0x0F, 0x5A, 0xF0])), ("shape", shape))));
        }

        WireBlobs cast = new();
        yield return ("iOS16 cast", Linear(6, cast, "fp32", Constexpr(6, "constexpr_cast", [Mil.Named("w", Mil.Tensor("fp32", s_shape))],
            ("source_val", Mil.Blob(cast, "fp16", s_shape, Elements("fp16", 24))), ("output_dtype", Mil.Text("fp32")))));
    }

    private static IEnumerable<(string, WirePackage)> NewerForms()
    {
        foreach (string type in new[] { "fp16", "fp32" })
        {
            byte[][] output = [Mil.Named("w", Mil.Tensor(type, s_shape))];
            foreach (int bits in new[] { 1, 2, 3, 4, 6, 8 })
            {
                foreach ((int rows, int columns) in new[] { (1, 1), (2, 1), (1, 3), (4, 2) })
                {
                    WireBlobs blobs = new();
                    yield return ($"iOS18 lut {bits} groups {rows}x{columns} {type}", Linear(8, blobs, type, Constexpr(8, "constexpr_lut_to_dense", output,
                        ("indices", Mil.Blob(blobs, $"uint{bits}", s_shape, Elements($"uint{bits}", 24, bits))),
                        ("lut", Mil.Blob(blobs, type, [rows, columns, 1 << bits, 1], Elements(type, rows * columns << bits))))));
                }
            }

            foreach ((int axis, int[] indices) in new[] { (0, new[] { 2, 6 }), (1, [4, 3]), (-1, [4, 3]) })
            {
                WireBlobs blobs = new();
                yield return ($"iOS18 vectors on axis {axis} {type}", Linear(8, blobs, type, Constexpr(8, "constexpr_lut_to_dense", output,
                    ("indices", Mil.Blob(blobs, "uint2", indices, Elements("uint2", 12))), ("lut", Mil.Blob(blobs, type, [1, 1, 4, 2], Elements(type, 8))), ("vector_axis", Mil.Ints([], axis)))));
            }

            foreach (string codes in new[] { "int4", "uint4", "int8", "uint8" })
            {
                foreach ((int rows, int columns) in new[] { (1, 1), (4, 1), (2, 3), (4, 6) })
                {
                    foreach (string? offsets in new[] { null, codes, type })
                    {
                        WireBlobs blobs = new();
                        int count = rows * columns;
                        List<(string, byte[])> operands =
                        [
                            ("data", Mil.Blob(blobs, codes, s_shape, Elements(codes, 24))), ("scale", Mil.Blob(blobs, type, [rows, columns], Elements(type, count, 2))),
                        ];
                        if (offsets is not null)
                        {
                            operands.Add(("offset", Mil.Blob(blobs, offsets, [rows, columns], Elements(offsets, count, 3))));
                        }

                        string offset = offsets is null ? "no" : offsets == codes ? "integer" : "float";
                        yield return ($"iOS18 blockwise {codes} {rows}x{columns} {offset} offsets {type}", Linear(8, blobs, type, Constexpr(8, "constexpr_blockwise_shift_scale", output, [.. operands])));
                    }
                }
            }

            WireBlobs sparse = new();
            yield return ($"iOS18 sparse {type}", Linear(8, sparse, type, Constexpr(8, "constexpr_sparse_to_dense", output,
                ("nonzero_data", Mil.Blob(sparse, type, [12], Elements(type, 12))), ("mask", Mil.Blob(sparse, "uint1", s_shape, [0x0F, 0x5A, 0xF0])))));
            foreach ((string name, WirePackage package) in SampleChains.Make(type))
            {
                yield return ($"iOS18 {name} {type}", package);
            }
        }

        WireBlobs cast = new();
        yield return ("iOS18 cast", Linear(8, cast, "fp32", Constexpr(8, "constexpr_cast", [Mil.Named("w", Mil.Tensor("fp32", s_shape))],
            ("source_val", Mil.Blob(cast, "fp16", s_shape, Elements("fp16", 24))), ("output_dtype", Mil.Text("fp32")))));
    }
}
