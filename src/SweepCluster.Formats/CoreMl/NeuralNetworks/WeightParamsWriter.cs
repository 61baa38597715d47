using System.Runtime.InteropServices;
using Google.Protobuf;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks;

/// <summary>Writes the stored form of one weight of a neural network.</summary>
internal static class WeightParamsWriter
{
    private const int WidestCode = 8;

    /// <summary>Puts a stored weight in place of what a message holds. Other fields of it stay.</summary>
    /// <param name="values">The message; changed.</param>
    /// <param name="stored">The weight.</param>
    /// <param name="scaleShapes">As <see cref="WeightSlot.ScaleShapes"/>.</param>
    /// <exception cref="ArgumentException">Neural networks have no such form.</exception>
    internal static void Write(WeightParams values, CompressedWeight stored, IReadOnlyList<Shape> scaleShapes)
    {
        values.FloatValue = values.Float16Value = values.RawValue = values.Int8RawValue = ByteString.Empty;
        values.DropUnpackedFloats();
        values.Quantization = null;
        switch (stored)
        {
            case DenseWeight { Values: { Type: ElementType.Float32 } floats }:
                values.FloatValue = UnsafeByteOperations.UnsafeWrap(floats.Bytes);
                break;
            case DenseWeight { Values: { Type: ElementType.Float16 } halves }:
                values.Float16Value = UnsafeByteOperations.UnsafeWrap(halves.Bytes);
                break;
            case PalettizedWeight { VectorLength: 1, Table.Codes: null, ChannelScales: null } palette
                when palette.Bits <= WidestCode && palette.Table.Shape.ElementCount == 1 << palette.Bits && palette.Type == ElementType.Float32:
                LookUpTableQuantizationParams table = new();
                table.FloatValue.AddRange(palette.Table.ToFloat32());
                values.RawValue = Codes(palette.Indices);
                values.Quantization = new QuantizationParams { NumberOfBits = (ulong)palette.Bits, LookupTableQuantization = table };
                break;
            case QuantizedWeight { Arithmetic: DecodeArithmetic.ScaleAndBias } quantized when !quantized.Codes.Type.IsSigned() && quantized.Codes.Type.BitWidth() <= WidestCode:
                values.RawValue = Codes(quantized.Codes);
                values.Quantization = new QuantizationParams { NumberOfBits = (ulong)quantized.Codes.Type.BitWidth(), LinearQuantization = Linear(quantized, scaleShapes) };
                break;
            default:
                throw new ArgumentException($"A neural network has no form for this {stored.GetType().Name} of shape {stored.Shape}.", nameof(stored));
        }
    }

    private static LinearQuantizationParams Linear(QuantizedWeight quantized, IReadOnlyList<Shape> scaleShapes)
    {
        LinearQuantizationParams linear = new();
        int copies = Copies(quantized.Scales.Shape, scaleShapes);
        for (int copy = 0; copy < copies; copy++)
        {
            linear.Scale.AddRange(MemoryMarshal.Cast<byte, float>(quantized.Scales.Bytes.Span).ToArray());
            if (quantized.Biases is { } biases)
            {
                linear.Bias.AddRange(MemoryMarshal.Cast<byte, float>(biases.Bytes.Span).ToArray());
            }
        }

        return linear;
    }

    // Scales of one group of a transposed convolution stand for every group.
    private static int Copies(Shape scales, IReadOnlyList<Shape> scaleShapes) =>
        scales.ElementCount == 1 || (scaleShapes.Count > 0 && scales == scaleShapes[0]) ? 1
        : scaleShapes.Contains(scales) ? (int)(scaleShapes[0].ElementCount / scales.ElementCount)
        : throw new ArgumentException($"A neural network has no scales {scales} for this weight.", nameof(scales));

    private static ByteString Codes(TensorData codes) => codes.Type == ElementType.UInt8
        ? UnsafeByteOperations.UnsafeWrap(codes.Bytes)
        : UnsafeByteOperations.UnsafeWrap(new MostFirstCodes(codes).Memory);
}
