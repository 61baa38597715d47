using System.Runtime.InteropServices;

namespace SweepCluster.Testing.Packages;

/// <summary>Parts of ML programs on the wire, from the published field numbers.</summary>
public static class Mil
{
    /// <summary>Numbers of data types, by the names that <see cref="IndependentPackage"/> uses.</summary>
    private static readonly Dictionary<string, (int Data, int Blob, int Bits)> s_types = new()
    {
        ["bool"] = (1, 0, 8),
        ["fp16"] = (10, 1, 16),
        ["fp32"] = (11, 2, 32),
        ["fp64"] = (12, 0, 64),
        ["bf16"] = (13, 5, 16),
        ["int8"] = (21, 4, 8),
        ["int16"] = (22, 6, 16),
        ["int32"] = (23, 14, 32),
        ["int64"] = (24, 0, 64),
        ["int4"] = (25, 8, 4),
        ["uint8"] = (31, 3, 8),
        ["uint16"] = (32, 7, 16),
        ["uint32"] = (33, 15, 32),
        ["uint64"] = (34, 0, 64),
        ["uint4"] = (35, 11, 4),
        ["uint2"] = (36, 10, 2),
        ["uint1"] = (37, 9, 1),
        ["uint6"] = (38, 13, 6),
        ["uint3"] = (39, 12, 3),
        ["fp8e4m3fn"] = (40, 16, 8),
        ["fp8e5m2"] = (41, 17, 8),
    };

    /// <summary>Every numeric type.</summary>
    public static IEnumerable<string> Types => s_types.Keys;

    /// <summary>Every type that a blob can have.</summary>
    public static IEnumerable<string> BlobTypes => s_types.Where(entry => entry.Value.Blob > 0).Select(entry => entry.Key);

    /// <summary>Bits of one element.</summary>
    public static int Bits(string type) => s_types[type].Bits;

    /// <summary>A tensor's type; an extent of -1 is unknown, one of -2 unknown and variadic.</summary>
    public static byte[] Tensor(string type, params IEnumerable<int> extents)
    {
        int[] shape = [.. extents];
        byte[] dataType = Wire.Of((1, type == "string" ? 2 : s_types[type].Data));
        byte[] rank = shape.Length == 0 ? [] : Wire.Of((2, shape.Length)); // what is 0 is not written
        return Wire.Of((1, Wire.Join(dataType, rank, Wire.Repeated(3, shape.Select(extent => (WireValue)Extent(extent))))));
    }

    private static byte[] Extent(int extent) => extent switch
    {
        -1 => Wire.Of((2, Array.Empty<byte>())),
        -2 => Wire.Of((2, Wire.Of((1, 1)))),
        _ => Wire.Of((1, Wire.Of((1, extent)))),
    };

    /// <summary>A text.</summary>
    public static byte[] Text(string text) => Wire.Of((2, Tensor("string")), (3, Wire.Of((1, Wire.Of((4, Wire.Of((1, text))))))));

    /// <summary>A tensor in the program, its elements as bytes.</summary>
    public static byte[] Bytes(string type, int[] extents, byte[] bytes) => Immediate(Tensor(type, extents), 7, Wire.Of((1, bytes)));

    /// <summary>A tensor of float32 in the program.</summary>
    public static byte[] Floats(int[] extents, params float[] values) => Immediate(Tensor("fp32", extents), 1, Wire.Of((1, MemoryMarshal.AsBytes<float>(values).ToArray())));

    /// <summary>A tensor of int32 in the program.</summary>
    public static byte[] Ints(int[] extents, params long[] values) => Immediate(Tensor("int32", extents), 2, Wire.Of((1, Wire.Packed(values))));

    /// <summary>A truth value in the program.</summary>
    public static byte[] Flag(bool value) => Immediate(Tensor("bool"), 3, Wire.Of((1, Wire.Packed(value ? 1 : 0))));

    /// <summary>A tensor of any type in the program.</summary>
    /// <param name="type">The type's message.</param>
    /// <param name="field">The field of the value's kind: 1 floats, 2 ints, 3 bools, 4 strings, 5 long ints, 6 doubles, 7 bytes.</param>
    /// <param name="values">The message of its elements.</param>
    public static byte[] Immediate(byte[] type, int field, byte[] values) => Wire.Of((2, type), (3, Wire.Of((1, Wire.Of((field, values))))));

    /// <summary>A tensor in a weight file.</summary>
    public static byte[] Blob(WireBlobs file, string type, int[] extents, byte[] bytes, string name = "@model_path/weights/weight.bin")
    {
        long bits = extents.Aggregate(1L, (product, extent) => product * extent) * s_types[type].Bits;
        return At(type, extents, file.Add(s_types[type].Blob, bytes, (int)((8 - (bits % 8)) % 8)), name);
    }

    /// <summary>A tensor at an offset of a weight file.</summary>
    public static byte[] At(string type, int[] extents, long offset, string name = "@model_path/weights/weight.bin") =>
        Wire.Of((2, Tensor(type, extents)), (5, Wire.Of((1, name), (2, offset))));

    /// <summary>A name with a type: an input of a function, an output of an operation.</summary>
    public static byte[] Named(string name, byte[] type) => Wire.Of((1, name), (2, type));

    /// <summary>An operand by name.</summary>
    public static byte[] Read(params IEnumerable<string> names) => Wire.Repeated(1, names.Select(name => (WireValue)Wire.Of((1, name))));

    /// <summary>An operand that is a value itself.</summary>
    public static byte[] Inline(byte[] value) => Wire.Of((1, Wire.Of((2, value))));

    /// <summary>One entry of a map.</summary>
    public static byte[] Entry(string key, byte[] value) => Wire.Of((1, key), (2, value));

    /// <summary>An operation.</summary>
    public static byte[] Operation(
        string type, byte[][] outputs, (string Name, byte[] Argument)[]? inputs = null, (string Name, byte[] Value)[]? attributes = null, byte[][]? blocks = null) => Wire.Join(
            Wire.Of((1, type)),
            Wire.Repeated(2, (inputs ?? []).Select(input => (WireValue)Entry(input.Name, input.Argument))),
            Wire.Repeated(3, outputs.Select(output => (WireValue)output)),
            Wire.Repeated(4, (blocks ?? []).Select(block => (WireValue)block)),
            Wire.Repeated(5, (attributes ?? []).Select(attribute => (WireValue)Entry(attribute.Name, attribute.Value))));

    /// <summary>A <c>const</c> with its name as coremltools writes it.</summary>
    public static byte[] Const(string name, byte[] value, byte[] type) => Operation("const", [Named(name, type)], attributes: [("name", Text(name)), ("val", value)]);

    /// <summary>A block.</summary>
    public static byte[] Block(IEnumerable<byte[]> operations, IEnumerable<string> outputs, byte[][]? inputs = null) => Wire.Join(
        Wire.Repeated(1, (inputs ?? []).Select(input => (WireValue)input)),
        Wire.Repeated(2, outputs.Select(output => (WireValue)output)),
        Wire.Repeated(3, operations.Select(operation => (WireValue)operation)));

    /// <summary>A function with blocks by operation set.</summary>
    public static byte[] Function(string opset, byte[][] inputs, params (string Opset, byte[] Block)[] blocks) => Wire.Join(
        Wire.Repeated(1, inputs.Select(input => (WireValue)input)),
        Wire.Of((2, opset)),
        Wire.Repeated(3, blocks.Select(block => (WireValue)Entry(block.Opset, block.Block))));

    /// <summary>A model that is an ML program.</summary>
    public static byte[] Model(int specification, byte[] description, params (string Name, byte[] Function)[] functions) => Wire.Of(
        (1, specification),
        (2, description),
        (502, Wire.Join(Wire.Of((1, 1)), Wire.Repeated(2, functions.Select(function => (WireValue)Entry(function.Name, function.Function))))));
}
