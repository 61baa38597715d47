using SweepCluster.Numerics.Randomness;

namespace SweepCluster.Compression.Palettization.Vectors;

/// <summary>Points for the search of centres: coordinate by coordinate, filled up to whole blocks of sixteen with copies of the last point.</summary>
internal sealed class VectorPoints
{
    /// <summary>Points of one block.</summary>
    internal const int Block = 16;

    private readonly Lazy<BlockBalls> _balls;

    /// <param name="count">Points, 1 or more.</param>
    /// <param name="length">Coordinates of a point.</param>
    /// <param name="isWeighted">Whether each coordinate of each point has a weight of its own.</param>
    internal VectorPoints(int count, int length, bool isWeighted)
    {
        Count = count;
        _balls = new(() => new BlockBalls(this));
        Length = length;
        Stride = (count + Block - 1) / Block * Block;
        Values = new float[Stride * length];
        Weights = isWeighted ? new float[Stride * length] : null;
    }

    internal int Count { get; }

    /// <summary>Balls around the blocks, made when first asked for, by one thread.</summary>
    internal BlockBalls Balls => _balls.Value;

    internal int Length { get; }

    /// <summary>Distance between a point's coordinates; a multiple of <see cref="Block"/>.</summary>
    internal int Stride { get; }

    /// <summary>Coordinate c of point p at <c>c * Stride + p</c>.</summary>
    internal float[] Values { get; }

    /// <summary>Weights in the same order, or null where all are 1.</summary>
    internal float[]? Weights { get; }

    internal int Blocks => Stride / Block;

    /// <summary>Points of a block that count.</summary>
    internal int LanesOf(int block) => Math.Min(Block, Count - (block * Block));

    /// <summary>Copies the last point into the rest of its block.</summary>
    internal void Pad()
    {
        for (int coordinate = 0; coordinate < Length; coordinate++)
        {
            int start = coordinate * Stride;
            Values.AsSpan(start + Count, Stride - Count).Fill(Values[start + Count - 1]);
            Weights?.AsSpan(start + Count, Stride - Count).Fill(Weights[start + Count - 1]);
        }
    }

    /// <summary>One point out of each of <paramref name="count"/> runs of as many points.</summary>
    internal VectorPoints Sample(int count, ulong seed)
    {
        SplitMix64 random = new(seed);
        int[] chosen = new int[count];
        for (int i = 0; i < count; i++)
        {
            long from = (long)i * Count / count, to = (long)(i + 1) * Count / count;
            chosen[i] = (int)(from + (long)(random.NextUnit() * (to - from)));
        }

        return Take(chosen);
    }

    /// <summary>Some points, in the order given.</summary>
    internal VectorPoints Take(int[] chosen)
    {
        VectorPoints taken = new(chosen.Length, Length, Weights is not null);
        for (int coordinate = 0; coordinate < Length; coordinate++)
        {
            Take(Values, taken.Values, coordinate, taken.Stride, chosen);
            if (Weights is not null)
            {
                Take(Weights, taken.Weights!, coordinate, taken.Stride, chosen);
            }
        }

        taken.Pad();
        return taken;
    }

    private void Take(float[] from, float[] to, int coordinate, int stride, int[] chosen)
    {
        ReadOnlySpan<float> source = from.AsSpan(coordinate * Stride, Stride);
        Span<float> target = to.AsSpan(coordinate * stride, chosen.Length);
        for (int i = 0; i < target.Length; i++)
        {
            target[i] = source[chosen[i]];
        }
    }

    /// <summary>The coordinates of one point.</summary>
    internal void CopyTo(int point, Span<float> coordinates)
    {
        for (int coordinate = 0; coordinate < Length; coordinate++)
        {
            coordinates[coordinate] = Values[(coordinate * Stride) + point];
        }
    }
}
