using SweepCluster.Graphs.Weights;

namespace SweepCluster.Graphs.Tests;

public sealed class CompressedWeightCodecTests
{
    private static readonly Shape s_shape = new(4, 3);

    public static TheoryData<string> Forms =>
    [
        "dense", "narrow", "palette", "vectors", "8-bit table", "8-bit table with zero points", "channel scales", "channel scales and 8-bit table", "quantized", "zero points", "biases", "no biases", "wide codes",
        "sparse", "sparse palette", "sparse vectors", "sparse 8-bit table", "sparse codes", "sparse zero points",
    ];

    [Theory, MemberData(nameof(Forms))]
    public void Decode_WhatEncodeWrote_GivesTheSameWeight(string form)
    {
        CompressedWeight weight = Make(form);

        byte[] bytes = CompressedWeightCodec.Encode(weight);
        CompressedWeight read = CompressedWeightCodec.Decode(bytes);

        Assert.Equal(weight.GetType(), read.GetType());
        Assert.Equal((weight.Type, weight.Shape), (read.Type, read.Shape));
        Assert.Equal(
            weight.Parts.Select(part => (part.Key, part.Value.Type, part.Value.Shape, Convert.ToHexString(part.Value.Bytes.Span))),
            read.Parts.Select(part => (part.Key, part.Value.Type, part.Value.Shape, Convert.ToHexString(part.Value.Bytes.Span))));
        Assert.Equal((weight as PalettizedWeight)?.VectorAxis, (read as PalettizedWeight)?.VectorAxis);
        Assert.Equal((weight as SparsePalettizedWeight)?.VectorAxis, (read as SparsePalettizedWeight)?.VectorAxis);
        Assert.Equal((weight as QuantizedWeight)?.Arithmetic, (read as QuantizedWeight)?.Arithmetic);
        Assert.Equal(bytes, CompressedWeightCodec.Encode(read));
        if (form != "wide codes")
        {
            Assert.Equal(Decompressor.ToFloat32(weight), Decompressor.ToFloat32(read));
        }
    }

    [Fact]
    public void Encode_SparseWeight_WritesTheDocumentedBytes()
    {
        SparseWeight weight = new(TensorData.FromCodes(ElementType.UInt1, new Shape(3), [1, 0, 1]), TensorData.FromFloat32(new Shape(2), [1f, -2f]));

        Assert.Equal(
            "53574357" + "0200" + "03" + "00" + "01" + "03000000" + "02"
            + "09" + "0D" + "01" + "03000000" + "0100000000000000" + "05"
            + "00" + "01" + "01" + "02000000" + "0800000000000000" + "0000803F" + "000000C0",
            Convert.ToHexString(CompressedWeightCodec.Encode(weight)));
    }

    [Theory, MemberData(nameof(Forms))]
    public void Decode_CutAnywhere_IsRefused(string form)
    {
        byte[] bytes = CompressedWeightCodec.Encode(Make(form));

        for (int length = 0; length < bytes.Length; length++)
        {
            BadInputException error = Assert.Throws<BadInputException>(() => CompressedWeightCodec.Decode(bytes.AsMemory(0, length)));
            Assert.StartsWith("stored weight, byte ", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory, MemberData(nameof(Forms))]
    public void Decode_AnyByteChanged_GivesAWeightOrOneClearRefusal(string form)
    {
        byte[] bytes = CompressedWeightCodec.Encode(Make(form));

        for (int at = 0; at < bytes.Length; at++)
        {
            foreach (byte change in (byte[])[0x01, 0x80, 0xFF])
            {
                byte[] damaged = [.. bytes];
                damaged[at] ^= change;
                Exception? error = Record.Exception(() => CompressedWeightCodec.Decode(damaged));
                Assert.True(error is null or BadInputException, $"byte {at}: {error}");
            }
        }
    }

    [Fact]
    public void Decode_AnotherVersionMagicOrMore_SaysWhatWasFound()
    {
        byte[] bytes = CompressedWeightCodec.Encode(Make("dense"));

        Assert.Equal("stored weight, byte 0: found another magic number, expected SWCW.", Refusal([1, .. bytes[1..]]));
        Assert.Equal("stored weight, byte 4: found version 1, expected 2.", Refusal([.. bytes[..4], 1, .. bytes[5..]]));
        Assert.Equal("stored weight, byte 4: found version 3, expected 2.", Refusal([.. bytes[..4], 3, .. bytes[5..]]));
        Assert.Equal($"stored weight, byte {bytes.Length}: found 1 more bytes, expected the end.", Refusal([.. bytes, 0]));
    }

    // Offsets as in Encode_SparseWeight_WritesTheDocumentedBytes: form at 6, parts from 14 on, the first 16 bytes long.
    [Fact]
    public void Decode_PartsThatAreNotTheForms_SaysWhich()
    {
        SparseWeight weight = new(TensorData.FromCodes(ElementType.UInt1, new Shape(3), [1, 0, 1]), TensorData.FromFloat32(new Shape(2), [1f, -2f]));
        byte[] bytes = CompressedWeightCodec.Encode(weight);
        byte[] head = bytes[..13], mask = bytes[14..30], values = bytes[30..];

        Assert.Equal(bytes, [.. head, 2, .. mask, .. values]);
        Assert.Equal("stored weight: found no part 'values' in form 3, expected one.", Refusal([.. head, 1, .. mask]));
        Assert.Equal("stored weight: found a part of role 9, expected one from 0 to 10, each once.", Refusal([.. head, 3, .. mask, .. values, .. mask]));
        Assert.Equal("stored weight: found a part of role 11, expected one from 0 to 10, each once.", Refusal([.. head, 2, 11, .. mask[1..], .. values]));
        Assert.Equal(
            "stored weight: found form 3, shape [3] and parts that do not fit each other: scales.", Refusal([.. head, 3, .. mask, .. values, 7, .. values[1..]]));
        Assert.Equal("stored weight: found form 6 with detail 0, which is none.", Refusal([.. head[..6], 6, .. head[7..], 2, .. mask, .. values]));
    }

    private static string Refusal(byte[] bytes) => Assert.Throws<BadInputException>(() => CompressedWeightCodec.Decode(bytes)).Message;

    private static CompressedWeight Make(string form)
    {
        int[] codes = [.. Enumerable.Range(0, 12)];
        float[] values = [.. codes.Select(code => (code * 0.37f) - 2)];
        TensorData indices = TensorData.FromCodes(ElementType.UInt2, s_shape, [.. codes.Select(code => code % 4)]);
        TensorData mask = TensorData.FromCodes(ElementType.UInt1, s_shape, [.. codes.Select(code => code % 2)]);
        TensorData few = TensorData.FromCodes(ElementType.UInt2, new Shape(6), [3, 2, 1, 0, 1, 2]);
        return form switch
        {
            "dense" => new DenseWeight(ElementType.Float16, TensorData.FromFloat16(s_shape, values)),
            "narrow" => new DenseWeight(ElementType.Float32, TensorData.FromFloat16(s_shape, values)),
            "palette" => new PalettizedWeight(s_shape, indices, TensorData.FromFloat16(new Shape(2, 1, 4, 1), values.AsSpan(0, 8))),
            "vectors" => new PalettizedWeight(
                new Shape(8, 3), indices, TensorData.FromFloat32(new Shape(1, 1, 4, 2), values.AsSpan(0, 8)), vectorAxis: 0),
            "quantized" => new QuantizedWeight(
                TensorData.FromCodes(ElementType.Int4, s_shape, [.. codes.Select(code => code - 6)]), TensorData.FromFloat16(new Shape(4, 1), values.AsSpan(0, 4)), null, DecodeArithmetic.ScaleType),
            "biases" => new QuantizedWeight(
                TensorData.FromCodes(ElementType.UInt5, s_shape, [0, 1, 2, 3, 31, 30, 29, 28, 7, 8, 9, 10]), TensorData.FromFloat32(new Shape(4, 1), [0.3f, 1.7f, 11.1f, 2]),
                TensorData.FromFloat32(new Shape(4, 1), [-1.1f, 0.7f, 3, -4])),
            "no biases" => new QuantizedWeight(
                TensorData.FromCodes(ElementType.Int8, s_shape, [0, 1, 2, 3, -128, 127, 29, 28, 7, 8, 9, 10]), TensorData.FromFloat32(new Shape(1, 1), [0.3f]), null),
            "zero points" => new QuantizedWeight(
                TensorData.FromCodes(ElementType.UInt8, s_shape, codes), TensorData.FromFloat32(new Shape(1, 1), [0.5f]), TensorData.FromCodes(ElementType.UInt8, new Shape(1, 1), [3]), DecodeArithmetic.Float32),
            "8-bit table" => new PalettizedWeight(s_shape, indices, new PaletteTable(Table8(), TensorData.FromFloat16(new Shape(1, 1, 1, 1), [0.25f]), null)),
            "8-bit table with zero points" => new PalettizedWeight(
                s_shape, indices, new PaletteTable(Table8(), TensorData.FromFloat16(new Shape(2, 1, 1, 1), [0.25f, 3]), TensorData.FromCodes(ElementType.UInt8, new Shape(2, 1, 1, 1), [3, 200]))),
            "channel scales" => new PalettizedWeight(
                s_shape, indices, TensorData.FromFloat16(new Shape(2, 1, 4, 1), values.AsSpan(0, 8)), channelScales: TensorData.FromFloat16(new Shape(4, 1), values.AsSpan(4, 4))),
            "channel scales and 8-bit table" => new PalettizedWeight(
                s_shape, indices, new PaletteTable(Table8(), TensorData.FromFloat32(new Shape(1, 1, 1, 1), [0.25f]), null), null, TensorData.FromFloat32(new Shape(4, 1), values.AsSpan(4, 4))),
            "wide codes" => new QuantizedWeight(
                new TensorData(ElementType.Int13, s_shape, Enumerable.Range(0, 20).Select(i => (byte)(i * 37)).ToArray()), TensorData.FromFloat32(new Shape(1, 1), [0.5f]), null, DecodeArithmetic.Float32),
            "sparse palette" => new SparsePalettizedWeight(s_shape, mask, few, TensorData.FromFloat16(new Shape(2, 1, 4, 1), values.AsSpan(0, 8))),
            "sparse vectors" => new SparsePalettizedWeight(new Shape(4, 6), mask, few, TensorData.FromFloat32(new Shape(1, 1, 4, 2), values.AsSpan(0, 8)), vectorAxis: 1),
            "sparse 8-bit table" => new SparsePalettizedWeight(
                s_shape, mask, few, new PaletteTable(Table8(), TensorData.FromFloat16(new Shape(1, 1, 1, 1), [0.25f]), TensorData.FromCodes(ElementType.UInt8, new Shape(1, 1, 1, 1), [9]))),
            "sparse codes" => new SparseQuantizedWeight(
                mask, TensorData.FromCodes(ElementType.Int4, new Shape(6), [-8, -1, 0, 1, 7, 3]), TensorData.FromFloat16(new Shape(4, 1), values.AsSpan(0, 4)), null),
            "sparse zero points" => new SparseQuantizedWeight(
                mask, TensorData.FromCodes(ElementType.UInt8, new Shape(6), [0, 1, 2, 3, 4, 255]), TensorData.FromFloat32(new Shape(1, 3), [1, 2, 3]), TensorData.FromCodes(ElementType.UInt8, new Shape(1, 3), [0, 7, 128])),
            _ => new SparseWeight(mask, TensorData.FromFloat16(new Shape(6), values.AsSpan(0, 6))),
        };
    }

    private static TensorData Table8() => TensorData.FromCodes(ElementType.UInt8, new Shape(2, 1, 4, 1), [0, 1, 2, 3, 252, 253, 254, 255]);
}
