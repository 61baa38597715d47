using System.Globalization;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Casting;

/// <summary>A float32 weight stored as float16, rounded to nearest, ties to even; the device casts it back.</summary>
internal sealed class Float16Compressor : ICompressor
{
    /// <inheritdoc/>
    public string? Refuses(Weight weight, Scheme scheme) =>
        Applicability.RefusesAny(weight) ?? (weight.Type == ElementType.Float16 ? "already float16" : null);

    /// <inheritdoc/>
    public CompressedWeight Compress(PreparedWeight weight, Scheme scheme, CompressOptions options, CancellationToken cancellationToken)
    {
        Applicability.Admit<Float16Scheme>(this, weight, scheme);
        ReadOnlySpan<float> values = weight.Values.Span;
        for (int i = 0; i < values.Length; i++)
        {
            if (Half.IsInfinity((Half)values[i]))
            {
                string reason = string.Create(CultureInfo.InvariantCulture, $"element {i} is {values[i]}, beyond float16's {(float)Half.MaxValue}");
                throw new SchemeNotApplicableException(weight.Source.Name, scheme.Canonical, reason);
            }
        }

        return new DenseWeight(ElementType.Float32, TensorData.FromFloat16(weight.Source.Shape, values));
    }
}
