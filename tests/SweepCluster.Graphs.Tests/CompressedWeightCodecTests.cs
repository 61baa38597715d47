using SweepCluster.Graphs.Weights;

namespace SweepCluster.Graphs.Tests;

public sealed class CompressedWeightCodecTests
{
    private static readonly Shape s_shape = new(4, 3);

    public static TheoryData<string> Forms => ["dense", "narrow", "palette", "vectors", "quantized", "zero points", "sparse"];

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
        Assert.Equal((weight as QuantizedWeight)?.Arithmetic, (read as QuantizedWeight)?.Arithmetic);
        Assert.Equal(bytes, CompressedWeightCodec.Encode(read));
    }

    [Fact]
    public void Encode_SparseWeight_WritesTheDocumentedBytes()
    {
        SparseWeight weight = new(TensorData.FromCodes(ElementType.UInt1, new Shape(3), [1, 0, 1]), TensorData.FromFloat32(new Shape(2), [1f, -2f]));

        Assert.Equal(
            "53574357" + "0100" + "03" + "00" + "01" + "03000000" + "02"
            + "0D" + "01" + "03000000" + "0100000000000000" + "05"
            + "01" + "01" + "02000000" + "0800000000000000" + "0000803F" + "000000C0",
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
        Assert.Equal("stored weight, byte 4: found version 2, expected 1.", Refusal([.. bytes[..4], 2, .. bytes[5..]]));
        Assert.Equal($"stored weight, byte {bytes.Length}: found 1 more bytes, expected the end.", Refusal([.. bytes, 0]));
    }

    private static string Refusal(byte[] bytes) => Assert.Throws<BadInputException>(() => CompressedWeightCodec.Decode(bytes)).Message;

    private static CompressedWeight Make(string form)
    {
        int[] codes = [.. Enumerable.Range(0, 12)];
        float[] values = [.. codes.Select(code => (code * 0.37f) - 2)];
        TensorData indices = TensorData.FromCodes(ElementType.UInt2, s_shape, [.. codes.Select(code => code % 4)]);
        return form switch
        {
            "dense" => new DenseWeight(ElementType.Float16, TensorData.FromFloat16(s_shape, values)),
            "narrow" => new DenseWeight(ElementType.Float32, TensorData.FromFloat16(s_shape, values)),
            "palette" => new PalettizedWeight(s_shape, indices, TensorData.FromFloat16(new Shape(2, 1, 4, 1), values.AsSpan(0, 8))),
            "vectors" => new PalettizedWeight(
                new Shape(8, 3), indices, TensorData.FromFloat32(new Shape(1, 1, 4, 2), values.AsSpan(0, 8)), vectorAxis: 0),
            "quantized" => new QuantizedWeight(
                TensorData.FromCodes(ElementType.Int4, s_shape, [.. codes.Select(code => code - 6)]), TensorData.FromFloat16(new Shape(4, 1), values.AsSpan(0, 4)), null, DecodeArithmetic.ScaleType),
            "zero points" => new QuantizedWeight(
                TensorData.FromCodes(ElementType.UInt8, s_shape, codes), TensorData.FromFloat32(new Shape(1, 1), [0.5f]), TensorData.FromCodes(ElementType.UInt8, new Shape(1, 1), [3]), DecodeArithmetic.Float32),
            _ => new SparseWeight(TensorData.FromCodes(ElementType.UInt1, s_shape, [.. codes.Select(code => code % 2)]), TensorData.FromFloat16(new Shape(6), values.AsSpan(0, 6))),
        };
    }
}
