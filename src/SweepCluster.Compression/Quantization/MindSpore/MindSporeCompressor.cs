using System.Collections.Immutable;
using System.Globalization;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Quantization.MindSpore;

/// <summary>Weight quantization by the rules of MindSpore Lite's converter for the CPU, stored as ordinary codes with scale and zero point.</summary>
/// <remarks>docs/formats/mindspore.md lists what is the same and what differs.</remarks>
internal sealed class MindSporeCompressor : ICompressor
{
    private const int MixedBits = 0;
    private const int FallbackBits = 8;
    private const int ParameterBits = 8 * 32; // what the converter counts for one channel's scale, zero point and corrections
    private const int FloatBits = 32;
    private const int MostAxesOfMixedBits = 4;

    // conv, conv_transpose, linear, matmul and gather are the operations of Core ML for what the converter quantizes.
    private static readonly ImmutableArray<string> s_operations = ["conv", "conv_transpose", "linear", "matmul", "gather", "lstm"];

    /// <inheritdoc/>
    public string? Refuses(Weight weight, Scheme scheme)
    {
        MindSporeScheme rules = (MindSporeScheme)scheme;
        if (Applicability.RefusesMatrix(weight) is string reason)
        {
            return reason;
        }

        if (!weight.Uses.Any(use => s_operations.Contains(use.OpType)))
        {
            return $"read by {string.Join(", ", weight.Uses.Select(use => use.OpType).Distinct())}: the converter quantizes {string.Join(", ", s_operations)}";
        }

        if (weight.Shape.ElementCount <= rules.MinimumSize)
        {
            return $"{weight.Shape.ElementCount} elements, quant_weight_size is {rules.MinimumSize}";
        }

        int channels = weight.Shape[weight.OutputAxis];
        if (weight.Uses.Any(use => use.OpType is "conv" or "conv_transpose") && channels <= rules.MinimumChannels)
        {
            return $"{channels} output channels, quant_weight_channel is {rules.MinimumChannels}";
        }

        if (rules.Bits == MixedBits)
        {
            return weight.Shape.Rank > MostAxesOfMixedBits ? $"rank {weight.Shape.Rank}: mixed bits are for weights of at most {MostAxesOfMixedBits} axes" : null;
        }

        long elements = weight.Shape.ElementCount / channels, least = ParameterBits / (FloatBits - rules.Bits);
        return IsPerChannel(weight) && elements <= least
            ? $"{elements} elements in a channel, a scale for each pays from {least + 1} on at {rules.Bits} bits"
            : null;
    }

    /// <inheritdoc/>
    public CompressedWeight Compress(PreparedWeight weight, Scheme scheme, CompressOptions options, CancellationToken cancellationToken)
    {
        MindSporeScheme rules = Applicability.Admit<MindSporeScheme>(this, weight, scheme);
        QuantizedWeight compressed = rules.Bits == MixedBits
            ? Mixed(weight, rules, options, cancellationToken)
            : FixedBits.Quantize(weight, rules.Bits, IsPerChannel(weight.Source), options.Arithmetic);
        cancellationToken.ThrowIfCancellationRequested();
        ThrowUnlessClose(weight, rules, compressed);
        return compressed;
    }

    // A matrix that several operations share has one scale.
    private static bool IsPerChannel(Weight weight) => !(weight.Uses.Length > 1 && weight.Uses.Any(use => use.OpType is "linear" or "matmul"));

    // Where no scale reaches the error, the converter goes back to 8 bits.
    private static QuantizedWeight Mixed(PreparedWeight weight, MindSporeScheme rules, CompressOptions options, CancellationToken cancellationToken) =>
        new ScaleSearch(weight.Values, (float)rules.InitialScale).Find(cancellationToken) is float scale
            ? ScaledCodes.Quantize(weight, rules, scale, options.Arithmetic)
            : FixedBits.Quantize(weight, FallbackBits, IsPerChannel(weight.Source), options.Arithmetic);

    private static void ThrowUnlessClose(PreparedWeight weight, MindSporeScheme rules, QuantizedWeight compressed)
    {
        if (double.IsPositiveInfinity(rules.AccuracyThreshold))
        {
            return;
        }

        double error = RelativeError.Mean(weight.Values.Span, Decompressor.ToFloat32(compressed));
        if (error > rules.AccuracyThreshold)
        {
            string reason = string.Create(CultureInfo.InvariantCulture, $"mean relative error {error:0.####} is above accuracy_threshold {rules.AccuracyThreshold}");
            throw new SchemeNotApplicableException(weight.Source.Name, rules.Canonical, reason);
        }
    }
}
