using System.Globalization;

namespace SweepCluster.Graphs.Schemes;

/// <summary>Magnitudes up to and including a threshold become 0.</summary>
/// <param name="Threshold">In weight units, 0 or more; compared in the weight's type.</param>
/// <param name="MinimumSparsity">A weight whose share of zeros comes out below this (<c>minimum_sparsity_percentile</c>, 0 to 1) is left alone.</param>
public sealed record ThresholdPruneScheme(double Threshold, double MinimumSparsity) : PruneScheme
{
    /// <inheritdoc/>
    public override string Canonical
    {
        get
        {
            SchemeWriter text = new(Family);
            text.Add("threshold", Threshold.ToString("R", CultureInfo.InvariantCulture));
            text.Add("minimum_sparsity_percentile", MinimumSparsity.ToString("R", CultureInfo.InvariantCulture));
            return text.ToString();
        }
    }

    /// <inheritdoc/>
    public override string Label => string.Create(CultureInfo.InvariantCulture, $"prune<={Threshold:0.####E+0}");
}
