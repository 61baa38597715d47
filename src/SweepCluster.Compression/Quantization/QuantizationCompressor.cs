using System.Buffers;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;
using SweepCluster.Numerics.Packing;

namespace SweepCluster.Compression.Quantization;

/// <summary>Integer codes with a scale, and where the scheme has one a zero point, for the tensor, each output channel, or each block of input channels.</summary>
/// <remarks>Differs from the reference on purpose: all arithmetic is float32 whatever the weight's type, the scale is rounded to its stored type first and the codes are computed against the stored
/// scale, and an all-zero block has scale 1. See <see cref="BlockScale.Fit"/>.</remarks>
internal sealed class QuantizationCompressor : ICompressor
{
    /// <inheritdoc/>
    public string? Refuses(Weight weight, Scheme scheme)
    {
        QuantizeScheme quantize = (QuantizeScheme)scheme;
        return Applicability.RefusesMatrix(weight)
            ?? (quantize.Granularity == QuantizeGranularity.PerBlock && weight.Shape[weight.InputAxis] % quantize.BlockSize != 0
                ? $"{weight.Shape[weight.InputAxis]} input channels are not divisible by block size {quantize.BlockSize}"
                : null);
    }

    /// <inheritdoc/>
    public CompressedWeight Compress(PreparedWeight weight, Scheme scheme, CompressOptions options, CancellationToken cancellationToken)
    {
        QuantizeScheme quantize = Applicability.Admit<QuantizeScheme>(this, weight, scheme);
        Weight source = weight.Source;
        CodeRange range = CodeRange.Of(quantize);
        int[] blockCounts = BlockCounts(source, quantize);
        BlockRuns runs = new(source.Shape, blockCounts);
        ReadOnlySpan<float> values = weight.Values.Span;
        BlockScale[] blocks = BlockFitter.Fit(values, runs, range, source.Type, cancellationToken);

        byte[] codes = ArrayPool<byte>.Shared.Rent(values.Length);
        foreach ((int start, int block) in runs)
        {
            LinearEncoder.Encode(values.Slice(start, runs.RunLength), blocks[block], range, codes.AsSpan(start, runs.RunLength));
        }

        byte[] packed = new byte[quantize.CodeType.ByteCount(values.Length)];
        BitPacking.Pack(codes.AsSpan(0, values.Length), quantize.CodeType.BitWidth(), packed);
        ArrayPool<byte>.Shared.Return(codes);

        Shape blockShape = new(blockCounts);
        bool hasZeros = !quantize.Symmetric || range.Middle != 0;
        return new QuantizedWeight(
            new TensorData(quantize.CodeType, source.Shape, packed),
            TensorData.FromFloats(source.Type, blockShape, Array.ConvertAll(blocks, block => block.Scale)),
            hasZeros ? TensorData.FromCodes(quantize.CodeType, blockShape, Array.ConvertAll(blocks, block => block.Zero)) : null,
            options.Arithmetic);
    }

    private static int[] BlockCounts(Weight weight, QuantizeScheme scheme)
    {
        int[] counts = BlockRuns.Ones(weight.Shape);
        if (scheme.Granularity != QuantizeGranularity.PerTensor)
        {
            counts[weight.OutputAxis] = weight.Shape[weight.OutputAxis];
        }

        if (scheme.Granularity == QuantizeGranularity.PerBlock)
        {
            counts[weight.InputAxis] = weight.Shape[weight.InputAxis] / scheme.BlockSize;
        }

        return counts;
    }
}
