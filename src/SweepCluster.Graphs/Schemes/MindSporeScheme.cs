using System.Globalization;

namespace SweepCluster.Graphs.Schemes;

/// <summary>Weight quantization by the rules of MindSpore Lite's converter.</summary>
/// <param name="Bits">Bits of one code, 1 to 16; 0 for mixed bits: each layer's scale is searched from <see cref="InitialScale"/>.</param>
/// <param name="MinimumSize">Weights with at most this many elements are left alone (<c>quant_weight_size</c>).</param>
/// <param name="MinimumChannels">Weights with at most this many output channels are left alone (<c>quant_weight_channel</c>).</param>
public sealed record MindSporeScheme(int Bits, int MinimumSize, int MinimumChannels) : Scheme
{
    private const int UsualChannels = 16;
    private const double UsualInitialScale = 0.02;

    /// <summary>A layer whose mean relative error comes out above this is left alone (<c>accuracy_threshold</c>); infinite for no limit.</summary>
    public double AccuracyThreshold { get; init; } = double.PositiveInfinity;

    /// <summary>Where the search for mixed bits starts (<c>init_scale</c>); unused for other bits.</summary>
    public double InitialScale { get; init; } = UsualInitialScale;

    /// <inheritdoc/>
    public override string Family => "mindspore";

    /// <inheritdoc/>
    public override string Canonical
    {
        get
        {
            SchemeWriter text = new(Family);
            text.Add("bit_num", Bits);
            text.Add("quant_weight_size", MinimumSize);
            text.Add("quant_weight_channel", MinimumChannels);
            text.AddIf(!double.IsPositiveInfinity(AccuracyThreshold), "accuracy_threshold", AccuracyThreshold.ToString("R", CultureInfo.InvariantCulture));
            text.AddIf(Bits == 0 || InitialScale != UsualInitialScale, "init_scale", InitialScale.ToString("R", CultureInfo.InvariantCulture));
            return text.ToString();
        }
    }

    /// <inheritdoc/>
    public override string Label => (Bits == 0 ? "ms/mixed" : $"ms{Bits}")
        + (MinimumSize == 0 ? "" : $"/size{MinimumSize}")
        + (MinimumChannels == UsualChannels ? "" : $"/ch{MinimumChannels}")
        + (double.IsPositiveInfinity(AccuracyThreshold) ? "" : string.Create(CultureInfo.InvariantCulture, $"/err{AccuracyThreshold:R}"))
        + (InitialScale == UsualInitialScale ? "" : string.Create(CultureInfo.InvariantCulture, $"/from{InitialScale:R}"));
}
