namespace SweepCluster.Sweeps.Summaries;

/// <summary>How much of the ids must be shown, where there is no room for them whole.</summary>
public static class TrialIds
{
    private const int Shortest = 10; // hexadecimal digits: enough for any sweep but a huge one

    /// <summary>First digits that tell every trial of a sweep from the others: at least ten.</summary>
    /// <remarks>Sorts the ids: 8 bytes of memory for each.</remarks>
    public static int ShortLength(SweepSummary summary)
    {
        string[] ids = [.. summary.Trials.Select(trial => trial.Id)];
        Array.Sort(ids, StringComparer.Ordinal);
        int shared = 0;
        for (int place = 1; place < ids.Length; place++)
        {
            if (ids[place] != ids[place - 1])
            {
                shared = Math.Max(shared, ids[place].AsSpan().CommonPrefixLength(ids[place - 1]));
            }
        }

        return Math.Max(Shortest, shared + 1);
    }

    /// <summary>The trials that a text means: those of this id or label, else those whose ids begin with it.</summary>
    /// <param name="trials">Where to look.</param>
    /// <param name="text">An id, a label, or first digits of an id; nothing means no trial.</param>
    public static TrialSummary[] Match(IReadOnlyCollection<TrialSummary> trials, string text)
    {
        TrialSummary[] exact = [.. trials.Where(trial => trial.Id == text || trial.Label == text)];
        return exact.Length > 0 || text.Length == 0 ? exact : [.. trials.Where(trial => trial.Id.StartsWith(text, StringComparison.Ordinal))];
    }

    /// <summary>The first digits of an id.</summary>
    /// <param name="id">The id.</param>
    /// <param name="length">How many, at least 0; the whole id where it has fewer.</param>
    public static string Shorten(string id, int length) => id.Length > length ? id[..length] : id;
}
