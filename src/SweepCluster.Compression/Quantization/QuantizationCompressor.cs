using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Quantization;

/// <summary>Integer codes with a scale, and where the scheme has one a zero point, for the tensor, each output channel, or each block.</summary>
/// <remarks>Differs from the reference on purpose: all arithmetic is float32 whatever the weight's type, the scale is rounded to its stored type first and the codes are computed against the stored
/// scale, and an all-zero block has scale 1. See <see cref="BlockScale.Fit"/>. <see cref="SchemeProfile.CoreMlTools"/> follows the reference instead: <see cref="CoreMlToolsQuantizer"/>.
/// Symmetric codes of up to 8 bits are idempotent: what they decode to has the same scale and codes again, unless the scale is among float16's denormals, where it is too coarse to come back from the
/// largest value. Codes with a zero point are not: its rounding shifts the range, so that decoded values may span less than all codes and ask for a smaller scale. Nor are searched clipping ranges,
/// which decoded values may let shrink further.</remarks>
internal sealed class QuantizationCompressor : ICompressor
{
    private const int WidestByte = 8;

    /// <inheritdoc/>
    public string? Refuses(Weight weight, Scheme scheme)
    {
        QuantizeScheme quantize = (QuantizeScheme)scheme;
        return Applicability.RefusesMatrix(weight) ?? RefusesCodes(quantize) ?? QuantizeBlocks.Refuses(weight, quantize);
    }

    /// <inheritdoc/>
    public CompressedWeight Compress(PreparedWeight weight, Scheme scheme, CompressOptions options, CancellationToken cancellationToken)
    {
        QuantizeScheme quantize = Applicability.AdmitUnread<QuantizeScheme>(this, weight, scheme);
        if (quantize.Profile == SchemeProfile.CoreMlTools)
        {
            return CoreMlToolsQuantizer.Compress(weight, quantize, options, cancellationToken);
        }

        return (weight.Source.Type, quantize.CodeType.BitWidth() <= WidestByte) switch
        {
            (ElementType.Float16, true) => Quantize<StoredHalves, ushort, ByteCodes, byte>(weight, quantize, options, cancellationToken),
            (ElementType.Float16, false) => Quantize<StoredHalves, ushort, WideCodes, ushort>(weight, quantize, options, cancellationToken),
            (_, true) => Quantize<StoredSingles, float, ByteCodes, byte>(weight, quantize, options, cancellationToken),
            _ => Quantize<StoredSingles, float, WideCodes, ushort>(weight, quantize, options, cancellationToken),
        };
    }

    private static QuantizedWeight Quantize<TStored, T, TCodes, TCode>(PreparedWeight weight, QuantizeScheme scheme, CompressOptions options, CancellationToken cancellationToken)
        where TStored : IStored<T>
        where T : unmanaged
        where TCodes : ICodes<TCode>
        where TCode : unmanaged
    {
        Weight source = weight.Source;
        int bits = scheme.CodeType.BitWidth();
        CodeRange range = CodeRange.Of(scheme).Within(source.Type, options.Arithmetic);
        int[] counts = QuantizeBlocks.Counts(source, scheme);
        LinearTask task = new(range, bits, scheme.Clip, DeviceArithmetic.Of(source.Type, options.Arithmetic, bits), Math.Max(1, options.Threads));
        LinearQuantizer<TStored, T, TCodes, TCode> quantizer = new(
            ((DenseWeight)source.Stored).Values.Bytes, weight.Importances, source.Shape, counts, task, cancellationToken);
        if (!quantizer.Run())
        {
            throw Applicability.NotFinite(weight, scheme);
        }

        Shape blocks = new(counts);
        TensorData? zeros = quantizer.Zeros.Length > 0 ? TensorData.FromCodes(scheme.CodeType, blocks, quantizer.Zeros)
            : range.Middle != 0 ? SameZeros(scheme.CodeType, blocks, range.Middle)
            : null;
        return new QuantizedWeight(
            new TensorData(scheme.CodeType, source.Shape, quantizer.Packed), new TensorData(source.Type, blocks, quantizer.Scales), zeros, options.Arithmetic);
    }

    private static TensorData SameZeros(ElementType type, Shape shape, int zero)
    {
        int[] zeros = new int[shape.ElementCount];
        zeros.AsSpan().Fill(zero);
        return TensorData.FromCodes(type, shape, zeros);
    }

    internal static string? RefusesCodes(QuantizeScheme scheme) => scheme switch
    {
        _ when !scheme.CodeType.IsInteger() || scheme.CodeType.BitWidth() > 16 => $"codes of {scheme.CodeType.Name()} are no integers of 1 to 16 bits",
        { Symmetric: true } when scheme.CodeType.BitWidth() == 1 => "symmetric codes need 2 bits or more",
        { Profile: SchemeProfile.CoreMlTools } when scheme.CodeType.BitWidth() is not (4 or 8) => $"coremltools quantizes to 4 and 8 bits, not to {scheme.CodeType.Name()}",
        _ => null,
    };
}
