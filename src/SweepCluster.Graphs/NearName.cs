namespace SweepCluster.Graphs;

/// <summary>Finds what a misspelt name was meant to be.</summary>
public static class NearName
{
    /// <summary>A hint to append to a message, <c>; did you mean 'nbits'?</c>, or nothing where no name is near.</summary>
    public static string Hint(string found, IEnumerable<string> known) => Of(found, known) is string name ? $"; did you mean '{name}'?" : "";

    /// <summary>A message with its full stop; one that ends with a hint is a question, and ends as one.</summary>
    public static string Ended(string message) => message.EndsWith('?') || message.EndsWith('.') ? message : message + ".";

    /// <summary>The nearest name by edit distance, the first of several; null where it would take more than one edit in three letters.</summary>
    public static string? Of(string found, IEnumerable<string> known)
    {
        string? best = null;
        int bestDistance = Math.Max(1, found.Length / 3) + 1;
        foreach (string name in known)
        {
            int distance = Distance(found, name, bestDistance);
            if (distance < bestDistance)
            {
                best = name;
                bestDistance = distance;
            }
        }

        return best;
    }

    // Edits (insert, delete, replace, swap of neighbours) between two names, without regard to case: Damerau's optimal string alignment.
    private static int Distance(string left, string right, int limit)
    {
        if (Math.Abs(left.Length - right.Length) >= limit)
        {
            return limit;
        }

        int[,] edits = new int[left.Length + 1, right.Length + 1];
        for (int i = 0; i <= left.Length; i++)
        {
            for (int j = 0; j <= right.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    edits[i, j] = i + j;
                    continue;
                }

                bool same = char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]);
                int best = Math.Min(edits[i - 1, j - 1] + (same ? 0 : 1), 1 + Math.Min(edits[i - 1, j], edits[i, j - 1]));
                bool swapped = i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
                edits[i, j] = swapped ? Math.Min(best, edits[i - 2, j - 2] + 1) : best;
            }
        }

        return edits[left.Length, right.Length];
    }
}
