using System.Runtime.InteropServices;
using SweepCluster.Graphs;

namespace SweepCluster.Compression;

/// <summary>What the values of a tensor are like.</summary>
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
    /// <summary>Goes through a tensor's values.</summary>
    /// <param name="data">Of any type that has values as float32.</param>
    /// <remarks>Sums in double precision, in index order, in two passes.</remarks>
    public static ValueSummary Of(TensorData data)
    {
        float[] values = data.ToFloat32();
        (double least, double largest, double sum) = (double.PositiveInfinity, double.NegativeInfinity, 0);
        (long zeros, long notFinite) = (0, 0);
        foreach (float value in values)
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

        long finite = values.Length - notFinite;
        double mean = sum / finite, squares = 0;
        foreach (float value in values)
        {
            squares += float.IsFinite(value) ? (value - mean) * (value - mean) : 0;
        }

        return new ValueSummary(
            values.Length, finite == 0 ? double.NaN : least, finite == 0 ? double.NaN : largest, mean, Math.Sqrt(squares / finite), zeros, notFinite, CountDistinct(values));
    }

    private static long CountDistinct(float[] values)
    {
        Span<int> bits = MemoryMarshal.Cast<float, int>(values.AsSpan());
        bits.Sort();
        long distinct = Math.Min(1, bits.Length);
        for (int i = 1; i < bits.Length; i++)
        {
            distinct += bits[i] != bits[i - 1] ? 1 : 0;
        }

        return distinct;
    }
}
