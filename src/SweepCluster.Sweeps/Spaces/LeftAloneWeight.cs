using System.Globalization;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Sweeps.Spaces;

/// <summary>A weight that stays as it is.</summary>
/// <param name="Weight">The weight.</param>
/// <param name="Cause">Of what kind the reason is.</param>
/// <param name="Reason">Why, in a few words: <c>432 elements, the threshold is 2048</c>.</param>
public sealed record LeftAloneWeight(Weight Weight, LeftAloneCause Cause, string Reason)
{
    /// <summary>One that a threshold leaves alone.</summary>
    internal static LeftAloneWeight UpTo(Weight weight, long threshold) =>
        new(weight, LeftAloneCause.TooSmall, string.Create(CultureInfo.InvariantCulture, $"{weight.Shape.ElementCount} elements, the threshold is {threshold}"));

    /// <summary>One that a section of a spec or a configuration leaves alone.</summary>
    internal static LeftAloneWeight Skipped(Weight weight, string origin) => new(weight, LeftAloneCause.Excluded, $"skipped by {origin}");
}
