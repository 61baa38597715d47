using SweepCluster.Graphs;

namespace SweepCluster.Sweeps.Comparison;

/// <summary>Which operations of two programs are the same one: a longest common order of operations, by name and type where those tell, by type between them.</summary>
/// <remarks>Anchors are operations whose plain name and type occur once in either program; of those the most that stand in one order are kept (patience). Between two anchors the longest common
/// subsequence of types is taken where the piece is small enough, and equal types in order where it is not.</remarks>
internal static class ProgramAlignment
{
    private const long MostCells = 4_000_000;

    /// <summary>Pairs of indices in ascending order of both.</summary>
    internal static List<(int Left, int Right)> Of(IReadOnlyList<Node> left, IReadOnlyList<Node> right)
    {
        List<(int Left, int Right)> pairs = [];
        (int Left, int Right) from = (0, 0);
        foreach ((int Left, int Right) anchor in Anchors(left, right).Append((left.Count, right.Count)))
        {
            Fill(left, right, from, anchor, pairs);
            if (anchor.Left < left.Count)
            {
                pairs.Add(anchor);
            }

            from = (anchor.Left + 1, anchor.Right + 1);
        }

        return pairs;
    }

    private static List<(int Left, int Right)> Anchors(IReadOnlyList<Node> left, IReadOnlyList<Node> right)
    {
        Dictionary<string, int> places = Unique(right);
        List<(int Left, int Right)> both = [.. Unique(left).Where(entry => places.ContainsKey(entry.Key)).Select(entry => (entry.Value, places[entry.Key])).OrderBy(pair => pair.Value)];

        // Longest ascending subsequence of the right places: for each length the pair with the smallest end.
        List<int> ends = [];
        int[] before = new int[both.Count];
        for (int i = 0; i < both.Count; i++)
        {
            int low = 0, high = ends.Count;
            while (low < high)
            {
                int middle = (low + high) / 2;
                (low, high) = both[ends[middle]].Right < both[i].Right ? (middle + 1, high) : (low, middle);
            }

            before[i] = low == 0 ? -1 : ends[low - 1];
            if (low == ends.Count)
            {
                ends.Add(i);
            }
            else
            {
                ends[low] = i;
            }
        }

        List<(int Left, int Right)> chain = [];
        for (int i = ends.Count == 0 ? -1 : ends[^1]; i >= 0; i = before[i])
        {
            chain.Add(both[i]);
        }

        chain.Reverse();
        return chain;
    }

    // Index by type and plain name, of those that occur once.
    private static Dictionary<string, int> Unique(IReadOnlyList<Node> nodes) => Enumerable.Range(0, nodes.Count)
        .GroupBy(i => $"{nodes[i].OpType} {PlainNames.Of(nodes[i].Name)}", StringComparer.Ordinal)
        .Where(group => group.Count() == 1)
        .ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);

    private static void Fill(IReadOnlyList<Node> left, IReadOnlyList<Node> right, (int Left, int Right) from, (int Left, int Right) to, List<(int Left, int Right)> pairs)
    {
        int rows = to.Left - from.Left, columns = to.Right - from.Right;
        if (rows == 0 || columns == 0)
        {
            return;
        }

        if ((long)rows * columns > MostCells)
        {
            FillInOrder(left, right, from, to, pairs);
            return;
        }

        int[,] lengths = new int[rows + 1, columns + 1];
        for (int i = rows - 1; i >= 0; i--)
        {
            for (int j = columns - 1; j >= 0; j--)
            {
                lengths[i, j] = IsSame(i, j) ? lengths[i + 1, j + 1] + 1 : Math.Max(lengths[i + 1, j], lengths[i, j + 1]);
            }
        }

        for (int i = 0, j = 0; i < rows && j < columns;)
        {
            if (IsSame(i, j))
            {
                pairs.Add((from.Left + i++, from.Right + j++));
            }
            else if (lengths[i + 1, j] >= lengths[i, j + 1])
            {
                i++;
            }
            else
            {
                j++;
            }
        }

        bool IsSame(int i, int j) => left[from.Left + i].OpType == right[from.Right + j].OpType;
    }

    private static void FillInOrder(IReadOnlyList<Node> left, IReadOnlyList<Node> right, (int Left, int Right) from, (int Left, int Right) to, List<(int Left, int Right)> pairs)
    {
        int next = from.Right;
        for (int i = from.Left; i < to.Left; i++)
        {
            for (int j = next; j < Math.Min(to.Right, next + 64); j++)
            {
                if (left[i].OpType == right[j].OpType)
                {
                    pairs.Add((i, j));
                    next = j + 1;
                    break;
                }
            }
        }
    }
}
