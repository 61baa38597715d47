using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression;

/// <summary>One family of schemes: weight and scheme to the stored form. Pure and deterministic; safe for calls from several threads.</summary>
public interface ICompressor
{
    /// <summary>Says why a scheme cannot be applied to a weight, judged by type and shape alone; null where it can.</summary>
    /// <param name="weight">The weight; its values are not read.</param>
    /// <param name="scheme">A scheme of this family.</param>
    /// <returns>The reason in a few words, as a report shows it: <c>16 output channels are not divisible by group size 32</c>.</returns>
    string? Refuses(Weight weight, Scheme scheme);

    /// <summary>Compresses a weight.</summary>
    /// <param name="weight">The weight, prepared; one preparation serves many schemes.</param>
    /// <param name="scheme">A scheme of this family.</param>
    /// <param name="options">What else it depends on, and how many threads may help.</param>
    /// <param name="cancellationToken">Stops the work between groups.</param>
    /// <exception cref="SchemeNotApplicableException">The weight is refused, or its values cannot take the scheme (NaN, infinity, overflow).</exception>
    CompressedWeight Compress(PreparedWeight weight, Scheme scheme, CompressOptions options, CancellationToken cancellationToken);
}
