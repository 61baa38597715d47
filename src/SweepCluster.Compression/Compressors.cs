using SweepCluster.Compression.Casting;
using SweepCluster.Compression.Joint;
using SweepCluster.Compression.Palettization;
using SweepCluster.Compression.Pruning;
using SweepCluster.Compression.Quantization;
using SweepCluster.Compression.Quantization.MindSpore;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression;

/// <summary>Compresses a weight by whatever family its scheme belongs to.</summary>
public static class Compressors
{
    /// <summary>Part of the key of every cell: raised whenever any scheme's result changes for any weight.</summary>
    public const int AlgorithmVersion = 4;

    private static readonly PalettizationCompressor s_palettization = new();
    private static readonly QuantizationCompressor s_quantization = new();
    private static readonly MindSporeCompressor s_mindSpore = new();
    private static readonly PruningCompressor s_pruning = new();
    private static readonly JointCompressor s_joint = new(s_pruning, s_palettization, s_quantization);
    private static readonly Float16Compressor s_float16 = new();

    /// <inheritdoc cref="ICompressor.Refuses"/>
    /// <remarks>A scheme that code made and that no text can say (<see cref="SchemeText.FaultOf"/>) is refused for every weight.</remarks>
    public static string? Refuses(Weight weight, Scheme scheme) => scheme is UntouchedScheme ? null : SchemeFaults.Of(scheme) ?? For(scheme).Refuses(weight, scheme);

    /// <inheritdoc cref="ICompressor.Compress"/>
    /// <remarks>The scheme <c>none</c> gives the weight as its file stores it.</remarks>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="CompressOptions.Threads"/> is below 1.</exception>
    public static CompressedWeight Compress(PreparedWeight weight, Scheme scheme, CompressOptions options, CancellationToken cancellationToken)
    {
        options.ThrowIfNoThreads();
        if (scheme is UntouchedScheme)
        {
            return weight.Source.Stored;
        }

        if (SchemeFaults.Of(scheme) is string fault)
        {
            throw new SchemeNotApplicableException(weight.Source.Name, scheme.Canonical, fault);
        }

        try
        {
            return Decodable(weight, scheme, options, cancellationToken);
        }
        finally
        {
            weight.Source.Stored.Unload(); // of a mapped file; until here it had to stay
        }
    }

    // Where devices decode with a bias, codes are found for scales and zero points, then said by scales and biases.
    private static CompressedWeight Decodable(PreparedWeight weight, Scheme scheme, CompressOptions options, CancellationToken cancellationToken)
    {
        if (options.Arithmetic != DecodeArithmetic.ScaleAndBias || scheme is not (QuantizeScheme or MindSporeScheme))
        {
            return For(scheme).Compress(weight, scheme, options, cancellationToken);
        }

        CompressedWeight codes = For(scheme).Compress(weight, scheme, options with { Arithmetic = DecodeArithmetic.ScaleType }, cancellationToken);
        return BiasedCodes.Of((QuantizedWeight)codes)
            ?? throw new SchemeNotApplicableException(weight.Source.Name, scheme.Canonical, "its largest code times a scale, or a bias, is beyond float32");
    }

    private static ICompressor For(Scheme scheme) => scheme switch
    {
        PalettizeScheme => s_palettization,
        QuantizeScheme => s_quantization,
        MindSporeScheme => s_mindSpore,
        PruneScheme => s_pruning,
        JointScheme => s_joint,
        Float16Scheme => s_float16,
        _ => throw new ArgumentException($"No compressor knows the scheme {scheme.Canonical}.", nameof(scheme)),
    };
}
