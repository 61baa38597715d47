namespace SweepCluster.Compression.Quantization;

/// <summary>Searches the range of codes of one block for the least squared error against what the device decodes.</summary>
/// <remarks>
/// The range that spans the outermost values is shrunk in steps (for linear codes both ends, each for itself), down to where the outermost value alone would cost more than the whole block does
/// unclipped. Each start is improved by the scale that is best for its codes (least squares); the best starts go on until codes and scale agree, linear ones with the neighbouring zero points
/// as well. What is left is rounded to the scale's type and the neighbours there are tried. The plain fit stands as long as nothing is strictly better, so the result is never worse.
/// Sums are in float64 in a fixed order: the same result on every machine.
/// </remarks>
internal sealed class ClipSearch
{
    private const int FewestStarts = 24;
    private const int MostStarts = 64; // the error of finer codes has more and narrower valleys
    private const int LinearStarts = 7; // of each end
    private const int Kept = 3;
    private const int MostRounds = 24;
    private const float SmallestShare = 1f / 64; // of the plain range

    private readonly CodeRange _range;
    private readonly DeviceArithmetic _device;
    private readonly (double Error, float Scale, int Zero)[] _best = new (double, float, int)[Kept];
    private double _energy;

    internal ClipSearch(CodeRange range, DeviceArithmetic device)
    {
        _range = range;
        _device = device;
    }

    /// <summary>Finds scale and zero point of one block.</summary>
    /// <param name="values">Finite values.</param>
    /// <param name="importances">What each one's squared error counts; empty where all count 1.</param>
    /// <param name="plain">The fit to the outermost values.</param>
    internal BlockScale Find(ReadOnlySpan<float> values, ReadOnlySpan<float> importances, BlockScale plain)
    {
        double least = BlockErrors.OfDevice(values, importances, plain, _range, _device);
        if (least == 0)
        {
            return plain;
        }

        _energy = Energy(values, importances);
        _best.AsSpan().Fill((double.PositiveInfinity, 0, 0));
        Start(values, importances, plain, importances.IsEmpty ? Math.Sqrt(least) : double.PositiveInfinity);
        BlockScale best = plain;
        foreach ((double error, float scale, int zero) in _best)
        {
            if (double.IsFinite(error))
            {
                (float refined, int refinedZero) = Refine(values, importances, error, scale, zero);
                Settle(values, importances, refined, refinedZero, ref best, ref least);
            }
        }

        return best;
    }

    // The plain range, shrunk in even steps. Nothing is gained below the share at which the outermost value alone costs what the whole block does.
    private void Start(ReadOnlySpan<float> values, ReadOnlySpan<float> importances, BlockScale plain, double slack)
    {
        float low = (_range.Min - plain.Zero) * plain.Scale, high = (_range.Max - plain.Zero) * plain.Scale;
        float leastLow = Share(-low, slack), leastHigh = Share(high, slack);
        if (_range.Symmetric)
        {
            int starts = Math.Clamp(_range.Steps / 2, FewestStarts, MostStarts);
            for (int i = 0; i <= starts; i++)
            {
                Try(values, importances, plain.Scale * At(i, starts, leastHigh), plain.Zero);
            }

            return;
        }

        for (int i = 0; i <= LinearStarts; i++)
        {
            for (int j = 0; j <= LinearStarts; j++)
            {
                float min = low * At(i, LinearStarts, leastLow), max = high * At(j, LinearStarts, leastHigh);
                if (max > min && (low < 0 || i == 0) && (high > 0 || j == 0))
                {
                    Try(values, importances, (max / _range.Steps) - (min / _range.Steps), BlockScale.ZeroPoint(min, max, _range));
                }
            }
        }
    }

    private static float Share(float end, double slack) => end > 0 ? Math.Max(SmallestShare, (float)(1 - (slack / end))) : SmallestShare;

    private static float At(int step, int steps, float least) => 1 - ((1 - least) * step / steps);

    // One start and the scale that is best for its codes; keeps the best few, the earlier of equals first.
    private void Try(ReadOnlySpan<float> values, ReadOnlySpan<float> importances, float scale, int zero)
    {
        float better = BestScale(values, importances, scale, zero, out _);
        if (!(better > 0))
        {
            return;
        }

        BestScale(values, importances, better, zero, out double error);
        for (int i = 0; i < Kept; i++)
        {
            if (error < _best[i].Error)
            {
                Array.Copy(_best, i, _best, i + 1, Kept - i - 1);
                _best[i] = (error, better, zero);
                return;
            }
        }
    }

    // Alternates between codes for the scale and the scale for the codes; linear ones also try the zero points beside.
    private (float Scale, int Zero) Refine(ReadOnlySpan<float> values, ReadOnlySpan<float> importances, double error, float scale, int zero)
    {
        for (int round = 0; round < MostRounds; round++)
        {
            (double before, float from, int at) = (error, scale, zero);
            for (int move = _range.Symmetric ? 0 : -1; move <= (_range.Symmetric ? 0 : 1); move++)
            {
                int beside = Math.Clamp(at + move, _range.Min, _range.Max);
                float next = BestScale(values, importances, from, beside, out _);
                if (next > 0)
                {
                    BestScale(values, importances, next, beside, out double reached);
                    if (reached < error)
                    {
                        (error, scale, zero) = (reached, next, beside);
                    }
                }
            }

            if (!(error < before))
            {
                break;
            }
        }

        return (scale, zero);
    }

    // Climbs from the nearest stored scale to its neighbours while the device's error falls.
    private void Settle(ReadOnlySpan<float> values, ReadOnlySpan<float> importances, float scale, int zero, ref BlockScale best, ref double least)
    {
        float nearest = BlockScale.Round(scale, _device);
        bool found = Consider(values, importances, nearest, zero, ref best, ref least);
        foreach (bool up in (ReadOnlySpan<bool>)[true, false])
        {
            float at = nearest;
            for (int step = 0, missed = 0; step < MostRounds && missed < 2; step++)
            {
                at = BlockScale.Step(at, up, _device);
                found = at > 0 && Consider(values, importances, at, zero, ref best, ref least);
                missed = found ? 0 : missed + 1;
            }
        }
    }

    private bool Consider(ReadOnlySpan<float> values, ReadOnlySpan<float> importances, float scale, int zero, ref BlockScale best, ref double least)
    {
        if (!(scale > 0) || !float.IsFinite(scale))
        {
            return false;
        }

        BlockScale block = BlockScale.Finite(scale, zero, _range, _device);
        double error = BlockErrors.OfDevice(values, importances, block, _range, _device);
        if (!(error < least))
        {
            return false;
        }

        (best, least) = (block, error);
        return true;
    }

    // The scale of the least squared error for the codes that a scale gives, and the error of that scale itself.
    private float BestScale(ReadOnlySpan<float> values, ReadOnlySpan<float> importances, float scale, int zero, out double error)
    {
        error = double.PositiveInfinity;
        if (!(scale > 0) || !float.IsFinite(scale))
        {
            return 0;
        }

        (double products, double squares) = BlockErrors.Moments(values, importances, new(scale, zero), _range);
        error = Math.Max(0, _energy - (2 * scale * products) + ((double)scale * scale * squares));
        return squares > 0 ? (float)(products / squares) : 0;
    }

    private static double Energy(ReadOnlySpan<float> values, ReadOnlySpan<float> importances)
    {
        double sum = 0;
        for (int i = 0; i < values.Length; i++)
        {
            sum += (double)values[i] * values[i] * (importances.IsEmpty ? 1 : importances[i]);
        }

        return sum;
    }
}
