using System.Collections.Immutable;

namespace SweepCluster.Numerics.Convolution;

/// <summary>Cuts an output of some height and width into tiles, so that every pixel is computed and hardly one twice. Which tile computes a pixel has no effect on its bits.</summary>
internal static class TilePlan
{
    /// <summary>Pixels that a segment may have at most.</summary>
    public const int MaxSegment = 7;

    /// <summary>The tiles, row by row. Each row falls into segments of two lengths that differ by one; like pairs with like, or with its neighbour in the row.</summary>
    /// <param name="height">Rows, 1 or more.</param>
    /// <param name="width">Columns, 1 or more.</param>
    /// <param name="maxSegment">Pixels that a segment may have here, 1 to <see cref="MaxSegment"/>.</param>
    public static ImmutableArray<TileSpan> Cut(int height, int width, int maxSegment)
    {
        int segments = (width + maxSegment - 1) / maxSegment;
        int shorter = width / segments, longerCount = width % segments;
        ImmutableArray<TileSpan>.Builder tiles = ImmutableArray.CreateBuilder<TileSpan>();
        List<Segment> open = [];
        for (int row = 0; row < height; row++)
        {
            int column = 0;
            for (int i = 0; i < segments; i++)
            {
                Segment segment = new(row, column, i < longerCount ? shorter + 1 : shorter);
                column += segment.Count;
                int partner = open.FindIndex(other => other.Count == segment.Count);
                if (partner < 0)
                {
                    open.Add(segment);
                    continue;
                }

                tiles.Add(Pair(open[partner], segment));
                open.RemoveAt(partner);
            }

            if (open.Count == 2 && open[0].Row == row && open[1].Row == row)
            {
                tiles.Add(Pair(open[0], open[1]));
                open.Clear();
            }
        }

        tiles.AddRange(open.Select(alone => Pair(alone, alone)));
        return tiles.ToImmutable();
    }

    private static TileSpan Pair(Segment a, Segment b) => a.Count >= b.Count
        ? new(a.Row, a.Column, a.Count, b.Row, b.Column, b.Count)
        : new(b.Row, b.Column, b.Count, a.Row, a.Column, a.Count);

    private readonly record struct Segment(int Row, int Column, int Count);
}
