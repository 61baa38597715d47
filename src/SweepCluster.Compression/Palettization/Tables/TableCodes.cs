using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Palettization.Tables;

/// <summary>Tables as 8-bit codes that share one scale: int8 from -127 to 127 without a zero point, uint8 from 0 to 255 with one.</summary>
/// <remarks>The scale is searched: ranges around the largest magnitude, each improved by turns (codes for the scale, the best scale for the codes), the least weighted squared error wins, the first among equals.</remarks>
internal sealed class TableCodes
{
    private const int Narrower = 32;
    private const int Wider = 4;
    private const double RangeStep = 1.0 / 128;
    private const int Turns = 8;

    private readonly ElementType _codeType;
    private readonly ElementType _type;
    private readonly float _scale;
    private readonly int _zero;
    private readonly int[][] _codes;

    private TableCodes(ElementType codeType, ElementType type, float scale, int zero, int[][] codes)
    {
        _codeType = codeType;
        _type = type;
        _scale = scale;
        _zero = zero;
        _codes = codes;
        Tables = Array.ConvertAll(codes, table => Array.ConvertAll(table, code => Decode(type, scale, code - zero)));
    }

    /// <summary>The entries that a device looks up.</summary>
    internal float[][] Tables { get; }

    /// <summary>Finds codes for tables.</summary>
    /// <param name="wanted">The best entries.</param>
    /// <param name="sums">What each entry weighs; null where all weigh the same.</param>
    /// <param name="codeType">int8 or uint8.</param>
    /// <param name="type">float16 or float32.</param>
    /// <param name="largestScale">The largest scale of a channel, which every entry has to be finite with; 1 where channels have none.</param>
    internal static TableCodes Fit(double[][] wanted, EntrySums[]? sums, ElementType codeType, ElementType type, float largestScale)
    {
        double[] entries = [.. wanted.SelectMany(table => table)];
        double[] weights = sums is null ? [.. entries.Select(_ => 1.0)] : [.. sums.SelectMany(sum => sum.Weights)];
        (float Scale, int Zero, double Cost) best = (0, 0, double.PositiveInfinity);
        double min = 0, max = 0;
        for (int i = 0; i < entries.Length; i++)
        {
            min = weights[i] > 0 ? Math.Min(min, entries[i]) : min;
            max = weights[i] > 0 ? Math.Max(max, entries[i]) : max;
        }

        for (int step = -Wider; step <= Narrower; step++)
        {
            double share = 1 - (step * RangeStep);
            (float scale, int zero) = codeType == ElementType.Int8
                ? (ScaleOf(type, share * Math.Max(-min, max) / 127), 0)
                : Affine(type, share * min, share * max);
            for (int turn = 0; turn < Turns; turn++)
            {
                double cost = Cost(entries, weights, codeType, type, scale, zero, largestScale, out double bestScale);
                if (cost < best.Cost)
                {
                    best = (scale, zero, cost);
                }

                float next = ScaleOf(type, bestScale);
                if (next == scale)
                {
                    break;
                }

                scale = next;
            }
        }

        return new(codeType, type, best.Scale, best.Zero, Array.ConvertAll(wanted, table => Array.ConvertAll(table, entry => Code(codeType, type, best.Scale, best.Zero, largestScale, entry))));
    }

    /// <summary>The stored form; entries past a group's own are 0.</summary>
    /// <param name="shape">Groups on each axis, entries, vector length.</param>
    internal PaletteTable ToTable(Shape shape)
    {
        int size = shape[shape.Rank - 2] * shape[shape.Rank - 1];
        int[] all = new int[_codes.Length * size];
        all.AsSpan().Fill(_zero);
        for (int group = 0; group < _codes.Length; group++)
        {
            _codes[group].CopyTo(all, group * size);
        }

        Shape one = new(BlockRuns.Ones(shape));
        return new(
            TensorData.FromCodes(_codeType, shape, all),
            TensorData.FromFloats(_type, one, [_scale]),
            _codeType == ElementType.UInt8 ? TensorData.FromCodes(_codeType, one, [_zero]) : null);
    }

    // The range always holds 0.
    private static (float Scale, int Zero) Affine(ElementType type, double min, double max)
    {
        float scale = ScaleOf(type, (max - min) / 255);
        return (scale, (int)Math.Clamp(Math.Round(-min / scale), 0, 255));
    }

    private static float ScaleOf(ElementType type, double scale)
    {
        if (!(scale > 0))
        {
            return 1; // all entries are 0
        }

        float stored = StoredValue.Round(type, scale);
        return !float.IsFinite(stored) ? 1 : stored == 0 ? StoredValue.Smallest(type) : stored;
    }

    private static int Code(ElementType codeType, ElementType type, float scale, int zero, float largestScale, double entry)
    {
        (int lowest, int highest) = codeType == ElementType.Int8 ? (-127, 127) : (-zero, 255 - zero);
        int code = (int)Math.Clamp(Math.Round(entry / scale), lowest, highest);
        while (!float.IsFinite(StoredValue.Scaled(type, Decode(type, scale, code), largestScale)))
        {
            code -= Math.Sign(code); // the type's largest numbers: a scale rounded up can pass them
        }

        return code + zero;
    }

    private static double Cost(double[] entries, double[] weights, ElementType codeType, ElementType type, float scale, int zero, float largestScale, out double bestScale)
    {
        double cost = 0, products = 0, squares = 0;
        for (int i = 0; i < entries.Length; i++)
        {
            int code = Code(codeType, type, scale, zero, largestScale, entries[i]) - zero;
            double off = entries[i] - Decode(type, scale, code);
            cost += weights[i] * off * off;
            products += weights[i] * entries[i] * code;
            squares += weights[i] * code * code;
        }

        bestScale = squares > 0 ? products / squares : 0;
        return cost;
    }

    private static float Decode(ElementType type, float scale, int code) => StoredValue.Scaled(type, code, scale);
}
