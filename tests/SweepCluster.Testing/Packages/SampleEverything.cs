namespace SweepCluster.Testing.Packages;

/// <summary>One program with everything that the format can hold: several functions and states, nested blocks, every kind of value and type, blobs that are shared, fields that nobody knows.</summary>
internal static class SampleEverything
{
    internal static WirePackage Make()
    {
        WireBlobs blobs = new();
        byte[] shared = Mil.Blob(blobs, "fp16", [4, 6], SamplePrograms.Elements("fp16", 24));
        byte[][] constants =
        [
            Mil.Const("w", shared, Mil.Tensor("fp16", 4, 6)),
            .. Mil.BlobTypes.Select(type => Mil.Const($"blob_{type}", Mil.Blob(blobs, type, [13], SamplePrograms.Elements(type, 13)), Mil.Tensor(type, 13))),
            .. Mil.Types.Select(type => Mil.Const($"few_{type}", Few(type), Mil.Tensor(type, 3))),
            Mil.Const("list", List(Mil.Text("cat"), Mil.Text("dog")), ListType(Mil.Tensor("string"), 2)),
            Mil.Const("tuple", Wire.Of((2, Wire.Of((3, Wire.Of((1, Mil.Tensor("string")), (1, Mil.Tensor("fp16", 4, 6)))))), (3, Wire.Of((2, Wire.Repeated(1, Mil.Text("a"), shared))))),
                Wire.Of((3, Wire.Of((1, Mil.Tensor("string")), (1, Mil.Tensor("fp16", 4, 6)))))),
            Mil.Const("dictionary", Wire.Of(
                (2, Wire.Of((4, Wire.Of((1, Mil.Tensor("string")), (2, Mil.Tensor("int32")))))), (3, Wire.Of((4, Wire.Of((1, Wire.Of((1, Mil.Text("key")), (2, Mil.Ints([], 7))))))))),
                Wire.Of((4, Wire.Of((1, Mil.Tensor("string")), (2, Mil.Tensor("int32")))))),
            Mil.Const("open_list", List(), ListType(Mil.Tensor("string"), -1)),
            Mil.Const("flag", Mil.Flag(true), Mil.Tensor("bool")),
        ];
        byte[] inner = Mil.Block(
            [
                Mil.Const("inner_w", Mil.Blob(blobs, "fp16", [6, 6], SamplePrograms.Elements("fp16", 36, 4)), Mil.Tensor("fp16", 6, 6)),
                Mil.Operation("linear", [Mil.Named("inner_y", Mil.Tensor("fp16", 1, 6))], [("x", Mil.Read("inner_x")), ("weight", Mil.Read("inner_w"))], blocks: []),
                Mil.Operation("cond", [Mil.Named("inner_z", Mil.Tensor("fp16", 1, 6))], [("pred", Mil.Read("flag"))], blocks: [Mil.Block([], ["inner_y"]), Mil.Block([], ["inner_x"])]),
            ],
            ["inner_z"], [Mil.Named("inner_x", Mil.Tensor("fp16", 1, 6))]);
        byte[] Main(string last) => Mil.Block(
            [
                .. constants,
                Mil.Operation("read_state", [Mil.Named("state", Mil.Tensor("fp16", 1, 6))], [("input", Mil.Read("memory"))]),
                Mil.Operation("add", [Mil.Named("sum", Mil.Tensor("fp16", 1, 6))], [("x", Mil.Read("x")), ("y", Mil.Read("state"))]),
                Mil.Operation("coreml_update_state", [Mil.Named("updated", Mil.Tensor("fp16", 1, 6))], [("state", Mil.Read("memory")), ("value", Mil.Read("sum"))]),
                Mil.Operation("while_loop", [Mil.Named("looped", Mil.Tensor("fp16", 1, 6))], [("loop_vars", Mil.Read("updated"))], blocks: [inner]),
                Mil.Operation("concat", [Mil.Named("joined", Mil.Tensor("fp16", 2, 6))], [("values", Mil.Read("looped", "x")), ("axis", Mil.Inline(Mil.Ints([], 0))), ("interleave", Mil.Inline(Mil.Flag(false)))]),
                Mil.Operation(last, [Mil.Named("y", Mil.Tensor("fp16", -1, 4))], [("x", Mil.Read("joined")), ("weight", Mil.Read("w")), ("classes", Mil.Read("list"))], [("name", Mil.Text("y")), ("note", Mil.Text("kept"))]),
            ],
            ["y"]);
        byte[] state = Wire.Of((5, Wire.Of((1, Mil.Tensor("fp16", 1, 6)))));
        byte[][] inputs = [Mil.Named("x", Mil.Tensor("fp16", -1, 6)), Mil.Named("memory", state)];
        byte[] main = Wire.Join(
            Mil.Function("CoreML8", inputs, ("CoreML8", Main("linear")), ("CoreML7", Main("linear"))), Wire.Of((4, Mil.Entry("note", Mil.Text("function"))), (900, "unknown")));
        byte[] second = Mil.Function("CoreML8", inputs, ("CoreML8", Main("linear")));
        byte[] model = Wire.Join(
            Mil.Model(9, Description(), ("main", main), ("second", second)),
            Wire.Of((10, 1), (15_903, "abc")));
        return WirePackage.Of(model, blobs);
    }

    private static byte[] Few(string type) => type switch
    {
        "bool" => Mil.Immediate(Mil.Tensor(type, 3), 3, Wire.Of((1, Wire.Packed(1, 0, 1)))),
        "fp32" => Mil.Floats([3], 1.5f, -2, 0.25f),
        "fp64" => Mil.Immediate(Mil.Tensor(type, 3), 6, Wire.Of((1, SamplePrograms.Elements("int64", 3)))),
        "int64" => Mil.Immediate(Mil.Tensor(type, 3), 5, Wire.Of((1, Wire.Packed(1, -2, long.MaxValue)))),
        "uint64" => Mil.Immediate(Mil.Tensor(type, 3), 5, Wire.Of((1, Wire.Packed(1, 2, -1)))),
        "int32" or "int16" or "uint16" => Mil.Immediate(Mil.Tensor(type, 3), 2, Wire.Of((1, Wire.Packed(1, 2, type[0] == 'u' ? 65535 : -3)))),
        _ => Mil.Bytes(type, [3], SamplePrograms.Elements(type, 3)),
    };

    private static byte[] ListType(byte[] item, int length) =>
        Wire.Of((2, Wire.Of((1, item), (2, length < 0 ? Wire.Of((2, Array.Empty<byte>())) : Wire.Of((1, Wire.Of((1, length))))))));

    private static byte[] List(params WireValue[] items) => Wire.Of((2, ListType(Mil.Tensor("string"), items.Length == 0 ? -1 : items.Length)), (3, Wire.Of((3, Wire.Repeated(1, items)))));

    // Optional inputs with defaults, open and enumerated shapes, a state, functions of their own, metadata, labels' names.
    private static byte[] Description()
    {
        byte[] array = Wire.Of((5, Wire.Of((1, Wire.Packed(1, 6)), (2, 65552), (31, Wire.Of((1, Wire.Of((1, 1), (2, -1))))), (51, 3))), (1000, 1));
        byte[] x = Wire.Of((1, "x"), (2, "an input that may be left out"), (3, array));
        byte[] memory = Wire.Of((1, "memory"), (3, Wire.Of((8, Wire.Of((1, Wire.Of((1, Wire.Packed(1, 6)), (2, 65552))))))));
        byte[] y = Wire.Of((1, "y"), (3, Wire.Of((5, Wire.Of((2, 65552))))));
        return Wire.Join(
            Wire.Of((1, x), (10, y), (11, "classLabel"), (12, "probabilities"), (13, memory)),
            Wire.Repeated(20, Wire.Of((1, "main"), (2, x), (3, y), (6, memory)), Wire.Of((1, "second"), (2, x), (3, y), (6, memory))),
            Wire.Of((21, "main"), (100, Wire.Of((1, "what it does"), (2, "1.0"), (3, "who made it"), (4, "free"), (100, Wire.Of((1, "com.example.key"), (2, "value")))))));
    }
}
