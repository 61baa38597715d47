using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression;

/// <summary>What the values of a weight are like.</summary>
/// <param name="Elements">Number of values.</param>
/// <param name="Least">The least finite value; NaN where none is finite.</param>
/// <param name="Largest">The largest finite value; NaN where none is finite.</param>
/// <param name="Mean">Mean of the finite values; NaN where none is.</param>
/// <param name="Deviation">Standard deviation of the finite values, as of a whole population; NaN where none is.</param>
/// <param name="Zeros">Number of zeros, of either sign.</param>
/// <param name="NotFinite">Number of values that are infinite or no number.</param>
/// <param name="Distinct">Number of different bit patterns.</param>
public sealed record ValueSummary(long Elements, double Least, double Largest, double Mean, double Deviation, long Zeros, long NotFinite, long Distinct)
{
    /// <summary>Goes through a weight's values, piece by piece.</summary>
    /// <param name="weight">Any stored form.</param>
    /// <exception cref="BadInputException">It cannot be decoded.</exception>
    /// <remarks>Sums in double precision, in index order, in two passes; counting what is distinct takes one more, or a few. What it takes does not grow with the weight.</remarks>
    public static ValueSummary Of(CompressedWeight weight)
    {
        DistinctBits distinct = new();
        (double least, double largest, double sum) = (double.PositiveInfinity, double.NegativeInfinity, 0);
        (long zeros, long notFinite) = (0, 0);
        foreach (ReadOnlyMemory<float> piece in Decompressor.Pieces(weight))
        {
            distinct.Meet(piece.Span);
            foreach (float value in piece.Span)
            {
                if (!float.IsFinite(value))
                {
                    notFinite++;
                    continue;
                }

                zeros += value == 0 ? 1 : 0;
                least = Math.Min(least, value);
                largest = Math.Max(largest, value);
                sum += value;
            }
        }

        long elements = weight.Shape.ElementCount, finite = elements - notFinite;
        double mean = sum / finite, squares = 0;
        foreach (ReadOnlyMemory<float> piece in Decompressor.Pieces(weight))
        {
            foreach (float value in piece.Span)
            {
                squares += float.IsFinite(value) ? (value - mean) * (value - mean) : 0;
            }
        }

        return new ValueSummary(
            elements, finite == 0 ? double.NaN : least, finite == 0 ? double.NaN : largest, mean, Math.Sqrt(squares / finite), zeros, notFinite,
            distinct.Count(() => Decompressor.Pieces(weight)));
    }
}
