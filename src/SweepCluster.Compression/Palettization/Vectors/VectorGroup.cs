using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SweepCluster.Compression.Palettization.Tables;
using SweepCluster.Graphs;

namespace SweepCluster.Compression.Palettization.Vectors;

/// <summary>The vectors of a group: <c>length</c> neighbouring output channels at the same place of the other axes, with or without importances and scales of channels.</summary>
/// <remarks>Assigned as in double precision, the first among equally near entries. Points come in the row-major order of the indices.</remarks>
internal sealed class VectorGroup : IPaletteGroup
{
    private const int Lanes = 8;

    // A squared distance above which float32 has its full precision, with room for weights.
    private const float Vanishing = 1e-30f;

    private readonly PreparedWeight _weight;
    private readonly ChannelGroups _groups;
    private readonly int _first;
    private readonly float[]? _scales;
    private readonly VectorPoints _values;
    private readonly float _largest;
    private readonly float _heaviest;
    private readonly bool _isTame; // squares neither overflow nor vanish

    internal VectorGroup(PreparedWeight weight, ChannelGroups groups, int group, int length, float[]? scales)
    {
        _weight = weight;
        _groups = groups;
        _scales = scales;
        _first = group * groups.GroupSize;
        VectorLength = length;
        bool isWeighted = !weight.Importances.IsEmpty && groups.Gather(weight.Importances, _first, groups.GroupSize).Span.ContainsAnyExcept(0f); // where all are 0, each counts the same
        _values = new VectorPoints(groups.GroupLength / length, length, isWeighted);
        Gather(weight.Values.Span, _values.Values);
        if (_values.Weights is not null)
        {
            Gather(weight.Importances.Span, _values.Weights);
        }

        _values.Pad();
        _largest = ValueRange.Of(_values.Values).Magnitude;
        _heaviest = _values.Weights is null ? 1 : ValueRange.Of(_values.Weights).Max;
        _isTame = _largest is > 1e-9f and < 1e9f && _heaviest is > 1e-9f and < 1e9f;
    }

    /// <inheritdoc/>
    public int VectorLength { get; }

    private ElementType Type => _weight.Source.Type;

    // Vectors along the output axis.
    private int Rows => _groups.GroupSize / VectorLength;

    /// <inheritdoc/>
    public double Measure(ReadOnlySpan<float> entries, EntrySums sums)
    {
        sums.Clear();
        double error = 0;
        byte[] codes = new byte[_values.Count];
        foreach ((int start, int count, int channel) in Runs())
        {
            float[] seen = Seen(entries, channel);
            error += Assign(seen, start, count, codes);
            Add(codes, start, count, channel, sums);
        }

        return error;
    }

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<float> entries, Span<byte> codes)
    {
        byte[] own = new byte[_values.Count];
        foreach ((int start, int count, int channel) in Runs())
        {
            Assign(Seen(entries, channel), start, count, own);
        }

        int run = Rows * _groups.Inner;
        for (int outer = 0; outer < _groups.Outer; outer++)
        {
            own.AsSpan(outer * run, run).CopyTo(codes[(_groups.Start(outer, _first) / VectorLength)..]); // channels before it come in whole vectors
        }
    }

    /// <summary>The distinct vectors in ascending order, coordinate by coordinate, where there are at most so many; otherwise null. Where channels have scales those of the quotients.</summary>
    internal float[]? Distinct(int most)
    {
        HashSet<Vector> found = [];
        for (int point = 0; point < _values.Count; point++)
        {
            float[] vector = new float[VectorLength];
            for (int c = 0; c < VectorLength; c++)
            {
                float scale = _scales?[_first + (point / _groups.Inner % Rows * VectorLength) + c] ?? 1;
                vector[c] = StoredValue.Round(Type, _values.Values[(c * _values.Stride) + point] / scale);
            }

            if (found.Add(new Vector(vector)) && found.Count > most)
            {
                return null;
            }
        }

        return [.. found.Order().SelectMany(vector => vector.Coordinates)];
    }

    /// <summary>The points that centres are sought for: values, or quotients by the channels' scales, weighted so that their error is that of the values; scaled by a power of two where squares would overflow or vanish; neighbours in space together.</summary>
    internal VectorPoints Search(out double unit)
    {
        float largest = _scales is null ? _largest : 1;
        unit = largest is 0 or (> 1e-9f and < 1e9f) ? 1 : Math.ScaleB(1, Math.ILogB(largest));
        if (_isTame && _scales is null)
        {
            return _values.Take(MortonOrder.Of(_values));
        }

        VectorPoints points = new(_values.Count, VectorLength, _scales is not null || _values.Weights is not null);
        float strongest = _scales is null ? 1 : _scales.AsSpan(_first, _groups.GroupSize).ToArray().Max();
        foreach ((int start, int count, int channel) in Runs())
        {
            for (int c = 0; c < VectorLength; c++)
            {
                double scale = _scales is null ? unit : _scales[channel + c], relative = _scales is null ? 1 : scale / strongest;
                for (int i = (c * points.Stride) + start; i < (c * points.Stride) + start + count; i++)
                {
                    points.Values[i] = (float)(_values.Values[i] / scale);
                    if (points.Weights is not null)
                    {
                        points.Weights[i] = (float)((_values.Weights?[i] ?? 1) / _heaviest * relative * relative);
                    }
                }
            }
        }

        points.Pad();
        return points.Take(MortonOrder.Of(points));
    }

    private void Gather(ReadOnlySpan<float> from, float[] to)
    {
        for (int c = 0; c < VectorLength; c++)
        {
            int at = c * _values.Stride;
            for (int outer = 0; outer < _groups.Outer; outer++)
            {
                for (int row = 0; row < Rows; row++, at += _groups.Inner)
                {
                    from.Slice(_groups.Start(outer, _first + (row * VectorLength) + c), _groups.Inner).CopyTo(to.AsSpan(at));
                }
            }
        }
    }

    // Points that share the channels, as far as scales make these matter.
    private IEnumerable<(int Start, int Count, int Channel)> Runs()
    {
        if (_scales is null)
        {
            yield return (0, _values.Count, 0);
            yield break;
        }

        for (int run = 0; run < _groups.Outer * Rows; run++)
        {
            yield return (run * _groups.Inner, _groups.Inner, _first + (run % Rows * VectorLength));
        }
    }

    private float[] Seen(ReadOnlySpan<float> entries, int channel)
    {
        float[] seen = entries.ToArray();
        for (int i = 0; _scales is not null && i < seen.Length; i++)
        {
            seen[i] = StoredValue.Scaled(Type, seen[i], _scales[channel + (i % VectorLength)]);
        }

        return seen;
    }

    // Returns the error of the points from `start` on.
    private double Assign(float[] entries, int start, int count, byte[] codes) =>
        _scales is null && _isTame ? AssignTame(entries, codes) : AssignWide(entries, start, count, codes);

    // Sixteen points at a time in float32. Where the two nearest entries are too close for its rounding to tell them apart, double precision decides; errors are always in double precision.
    private double AssignTame(float[] entries, byte[] codes)
    {
        Vector512<float> clear = Vector512.Create(1 + ((VectorLength + 8) * 1e-6f));
        double error = 0;
        for (int block = 0; block < _values.Blocks; block++)
        {
            int first = block * VectorPoints.Block, lanes = _values.LanesOf(block);
            Vector512<int> nearest = BlockDistances.Nearest(_values, block, entries, out Vector512<float> least, out Vector512<float> next);
            ulong isClear = Vector512.GreaterThan(next, Vector512.Max(least * clear, Vector512.Create(Vanishing))).ExtractMostSignificantBits();
            for (int lane = 0; lane < lanes; lane++)
            {
                int code = (isClear >> lane & 1) != 0 ? nearest[lane] : NearestOf(first + lane, entries);
                codes[first + lane] = (byte)code;
                error += Distance(first + lane, entries, code);
            }
        }

        return error;
    }

    // The definition.
    private int NearestOf(int point, float[] entries)
    {
        int nearest = 0;
        double least = double.PositiveInfinity;
        for (int code = 0; code < entries.Length / VectorLength; code++)
        {
            double distance = Distance(point, entries, code);
            (nearest, least) = distance < least ? (code, distance) : (nearest, least);
        }

        return nearest;
    }

    private double Distance(int point, float[] entries, int code)
    {
        double distance = 0;
        for (int c = 0; c < VectorLength; c++)
        {
            double off = (double)_values.Values[(c * _values.Stride) + point] - entries[(code * VectorLength) + c];
            distance += off * off * (_values.Weights?[(c * _values.Stride) + point] ?? 1);
        }

        return distance;
    }

    // Eight points at a time, each lane in order as the definition, eight partial sums of the error added in order.
    private double AssignWide(float[] entries, int start, int count, byte[] codes)
    {
        double[] wide = Array.ConvertAll(entries, entry => (double)entry);
        Vector512<double>[] values = new Vector512<double>[VectorLength], weights = new Vector512<double>[VectorLength];
        weights.AsSpan().Fill(Vector512<double>.One);
        Vector512<double> total = default;
        for (int point = start; point < start + count; point += Lanes)
        {
            int valid = Math.Min(Lanes, start + count - point);
            for (int c = 0; c < VectorLength; c++)
            {
                values[c] = Load(_values.Values, (c * _values.Stride) + point, valid);
                weights[c] = _values.Weights is null ? weights[c] : Load(_values.Weights, (c * _values.Stride) + point, valid);
            }

            Vector512<long> nearest = NearestWide(values, weights, wide, out Vector512<double> least);
            for (int lane = 0; lane < valid; lane++)
            {
                codes[point + lane] = (byte)nearest[lane];
            }

            total += valid == Lanes ? least : Vector512.ConditionalSelect(Vector512.LessThan(Vector512<double>.Indices, Vector512.Create((double)valid)), least, default);
        }

        double error = 0;
        for (int lane = 0; lane < Lanes; lane++)
        {
            error += total[lane];
        }

        return error;
    }

    // Each lane adds its coordinates in order; the first among equally near entries wins.
    private static Vector512<long> NearestWide(Vector512<double>[] values, Vector512<double>[] weights, double[] entries, out Vector512<double> least)
    {
        Vector512<double> best = Vector512.Create(double.PositiveInfinity);
        Vector512<long> nearest = default;
        int at = 0;
        for (int code = 0; at < entries.Length; code++)
        {
            Vector512<double> distance = default;
            for (int c = 0; c < values.Length; c++)
            {
                Vector512<double> off = values[c] - Vector512.Create(entries[at++]);
                distance += off * off * weights[c];
            }

            Vector512<double> isLess = Vector512.LessThan(distance, best);
            best = Vector512.ConditionalSelect(isLess, distance, best);
            nearest = Vector512.ConditionalSelect(isLess.AsInt64(), Vector512.Create((long)code), nearest);
        }

        least = best;
        return nearest;
    }

    private static Vector512<double> Load(float[] values, int at, int valid)
    {
        Vector256<float> loaded;
        if (valid == Lanes)
        {
            loaded = Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(values), (nuint)at);
        }
        else
        {
            Span<float> lanes = stackalloc float[Lanes];
            lanes.Clear();
            values.AsSpan(at, valid).CopyTo(lanes);
            loaded = Vector256.Create<float>(lanes);
        }

        (Vector256<double> lower, Vector256<double> upper) = Vector256.Widen(loaded);
        return Vector512.Create(lower, upper);
    }

    private void Add(byte[] codes, int start, int count, int channel, EntrySums sums)
    {
        for (int c = 0; c < VectorLength; c++)
        {
            double scale = _scales?[channel + c] ?? 1;
            ReadOnlySpan<float> values = _values.Values.AsSpan((c * _values.Stride) + start, count);
            ReadOnlySpan<float> importances = _values.Weights is null ? default : _values.Weights.AsSpan((c * _values.Stride) + start, count);
            for (int i = 0; i < values.Length; i++)
            {
                int at = (codes[start + i] * VectorLength) + c;
                double weight = importances.IsEmpty ? scale : importances[i] * scale;
                sums.Weights[at] += weight * scale;
                sums.Sums[at] += weight * values[i];
            }
        }
    }

    // Coordinates in order.
    private readonly struct Vector(float[] coordinates) : IEquatable<Vector>, IComparable<Vector>
    {
        internal float[] Coordinates { get; } = coordinates; // without -0

        public bool Equals(Vector other) => Coordinates.AsSpan().SequenceEqual(other.Coordinates);

        public override bool Equals(object? obj) => obj is Vector other && Equals(other);

        public override int GetHashCode()
        {
            HashCode hash = default;
            hash.AddBytes(MemoryMarshal.AsBytes(Coordinates.AsSpan()));
            return hash.ToHashCode();
        }

        public int CompareTo(Vector other) => Coordinates.AsSpan().SequenceCompareTo(other.Coordinates);
    }
}
