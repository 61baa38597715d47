namespace SweepCluster.Testing.Packages;

/// <summary>Weights that several operations of iOS 18 hold, one feeding the next.</summary>
internal static class SampleChains
{
    private static readonly int[] s_shape = [4, 6];
    private static readonly byte[] s_mask = [0x0F, 0x5A, 0xF0]; // 12 ones
    private static readonly byte[] s_vectorMask = [0x5A, 0x05]; // 6 ones of 12

    internal static IEnumerable<(string Name, WirePackage Package)> Make(string type)
    {
        byte[][] output = [Mil.Named("w", Mil.Tensor(type, s_shape))];
        yield return ("table of codes", Package(type, blobs =>
        [
            Part("constexpr_blockwise_shift_scale", [Mil.Named("t", Mil.Tensor(type, 1, 1, 4, 1))],
                ("data", Mil.Inline(Mil.Bytes("int8", [1, 1, 4, 1], [1, 0x80, 0x7F, 0xFF]))), ("scale", Mil.Inline(Scalar(type, [1, 1, 1, 1])))),
            Part("constexpr_lut_to_dense", output, ("indices", Mil.Inline(Mil.Blob(blobs, "uint2", s_shape, SamplePrograms.Elements("uint2", 24)))), ("lut", Mil.Read("t"))),
        ]));
        yield return ("palette with scales of channels", Package(type, blobs =>
        [
            Part("constexpr_lut_to_dense", [Mil.Named("p", Mil.Tensor(type, s_shape))],
                ("indices", Mil.Inline(Mil.Blob(blobs, "uint3", s_shape, SamplePrograms.Elements("uint3", 24)))), ("lut", Mil.Inline(Mil.Blob(blobs, type, [1, 1, 8, 1], SamplePrograms.Elements(type, 8))))),
            Part("constexpr_blockwise_shift_scale", output, ("data", Mil.Read("p")), ("scale", Mil.Inline(Mil.Blob(blobs, type, [4, 1], SamplePrograms.Elements(type, 4, 5))))),
        ]));
        yield return ("integer palette with a scale behind it", Package(type, blobs =>
        [
            Part("constexpr_lut_to_dense", [Mil.Named("p", Mil.Tensor("int8", s_shape))],
                ("indices", Mil.Inline(Mil.Blob(blobs, "uint2", s_shape, SamplePrograms.Elements("uint2", 24)))), ("lut", Mil.Inline(Mil.Bytes("int8", [1, 1, 4, 1], [1, 0x80, 0x7F, 0xFF])))),
            Part("constexpr_blockwise_shift_scale", output, ("data", Mil.Read("p")), ("scale", Mil.Inline(Scalar(type, [1, 1])))),
        ]));
        yield return ("integer palette with scales of blocks behind it", Package(type, blobs =>
        [
            Part("constexpr_lut_to_dense", [Mil.Named("p", Mil.Tensor("uint8", s_shape))],
                ("indices", Mil.Inline(Mil.Blob(blobs, "uint2", s_shape, SamplePrograms.Elements("uint2", 24)))), ("lut", Mil.Inline(Mil.Bytes("uint8", [1, 1, 4, 1], [1, 0x80, 0x7F, 0xFF])))),
            Part("constexpr_blockwise_shift_scale", output, ("data", Mil.Read("p")), ("scale", Mil.Inline(Mil.Blob(blobs, type, [4, 3], SamplePrograms.Elements(type, 12, 5))))),
        ]));
        yield return ("scaled floats", Package(type, blobs =>
        [
            Part("constexpr_blockwise_shift_scale", output,
                ("data", Mil.Inline(Mil.Blob(blobs, type, s_shape, SamplePrograms.Elements(type, 24)))), ("scale", Mil.Inline(Mil.Blob(blobs, type, [4, 1], SamplePrograms.Elements(type, 4, 5))))),
        ]));
        yield return ("mask and palette", Package(type, blobs =>
        [
            Part("constexpr_lut_to_sparse", [Mil.Named("m", Mil.Tensor("uint1", s_shape)), Mil.Named("v", Mil.Tensor(type, 12))],
                ("indices_mask", Mil.Inline(Mil.Blob(blobs, "uint1", s_shape, s_mask))), ("indices_nonzero_data", Mil.Inline(Mil.Blob(blobs, "uint2", [12], SamplePrograms.Elements("uint2", 12)))),
                ("lut", Mil.Inline(Mil.Blob(blobs, type, [2, 1, 4, 1], SamplePrograms.Elements(type, 8))))),
            Part("constexpr_sparse_to_dense", output, ("nonzero_data", Mil.Read("v")), ("mask", Mil.Read("m"))),
        ]));
        yield return ("mask and palette of vectors", Package(type, blobs =>
        [
            Part("constexpr_lut_to_sparse", [Mil.Named("m", Mil.Tensor("uint1", s_shape)), Mil.Named("v", Mil.Tensor(type, 12))],
                ("indices_mask", Mil.Inline(Mil.Blob(blobs, "uint1", [2, 6], s_vectorMask))), ("indices_nonzero_data", Mil.Inline(Mil.Blob(blobs, "uint1", [6], SamplePrograms.Elements("uint1", 6)))),
                ("lut", Mil.Inline(Mil.Blob(blobs, type, [1, 1, 2, 2], SamplePrograms.Elements(type, 4)))), ("vector_axis", Mil.Inline(Mil.Ints([], 0)))),
            Part("constexpr_sparse_to_dense", output, ("nonzero_data", Mil.Read("v")), ("mask", Mil.Read("m"))),
        ]));
        foreach (string codes in new[] { "int4", "uint8" })
        {
            foreach (string? offsets in new[] { null, codes, type })
            {
                string offset = offsets is null ? "no" : offsets == codes ? "integer" : "float";
                yield return ($"mask and codes {codes} {offset} offsets", Package(type, blobs =>
                {
                    byte[] mask = Mil.Blob(blobs, "uint1", s_shape, s_mask);
                    List<(string, byte[])> operands =
                    [
                        ("data_mask", Mil.Inline(mask)), ("nonzero_data", Mil.Inline(Mil.Blob(blobs, codes, [12], SamplePrograms.Elements(codes, 12)))),
                        ("scale", Mil.Inline(Mil.Blob(blobs, type, [4, 1], SamplePrograms.Elements(type, 4, 5)))),
                    ];
                    if (offsets is not null)
                    {
                        operands.Add(("offset", Mil.Inline(Mil.Blob(blobs, offsets, [4, 1], SamplePrograms.Elements(offsets, 4, 6)))));
                    }

                    return
                    [
                        Part("constexpr_sparse_blockwise_shift_scale", [Mil.Named("m", Mil.Tensor("uint1", s_shape)), Mil.Named("v", Mil.Tensor(type, 12))], [.. operands]),
                        Part("constexpr_sparse_to_dense", output, ("nonzero_data", Mil.Read("v")), ("mask", Mil.Inline(mask))),
                    ];
                }));
            }
        }
    }

    private static byte[] Scalar(string type, int[] extents) => Mil.Bytes(type, extents, type == "fp16" ? BitConverter.GetBytes((Half)0.125f) : BitConverter.GetBytes(0.125f));

    private static WirePackage Package(string type, Func<WireBlobs, byte[][]> operations)
    {
        WireBlobs blobs = new();
        return SamplePrograms.Linear(8, blobs, type, operations(blobs));
    }

    private static byte[] Part(string type, byte[][] outputs, params (string Name, byte[] Argument)[] operands) => Mil.Operation(type, outputs, operands);
}
