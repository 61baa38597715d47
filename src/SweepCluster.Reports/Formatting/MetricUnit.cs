using SweepCluster.Sweeps.Evaluation;

namespace SweepCluster.Reports.Formatting;

/// <summary>How a metric is read.</summary>
/// <param name="Name">Its name, as <c>top1</c>.</param>
/// <param name="IsShare">Whether it is a share 0..1, read in per cent and its differences in points.</param>
public readonly record struct MetricUnit(string Name, bool IsShare)
{
    /// <summary>A built-in metric by its name.</summary>
    public static implicit operator MetricUnit(string builtIn) => OfBuiltIn(builtIn);

    /// <inheritdoc cref="op_Implicit"/>
    public static MetricUnit OfBuiltIn(string name) => new(name, OutcomeMetrics.IsShare(name));
}
