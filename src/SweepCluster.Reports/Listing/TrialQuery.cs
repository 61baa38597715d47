namespace SweepCluster.Reports.Listing;

/// <summary>Which trials a live page lists, and in which order.</summary>
public sealed record TrialQuery
{
    /// <summary>Rows of one page.</summary>
    public const int PageSize = 50;

    /// <summary>What they are ordered by: a column's key; empty: as they were proposed.</summary>
    public string Sort { get; init; } = "";

    /// <summary>Whether the largest comes first.</summary>
    public bool Descending { get; init; }

    /// <summary>Only those of this kind; empty: all.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Only those with a scheme of this family; empty: all.</summary>
    public string Family { get; init; } = "";

    /// <summary>Only those on the frontier.</summary>
    public bool FrontierOnly { get; init; }

    /// <summary>Page, from 1.</summary>
    public int Page { get; init; } = 1;

    /// <summary>Id of the trial that somebody picked: its page is shown; null: none.</summary>
    public string? Trial { get; init; }

    /// <summary>The query as part of an address: begins with <c>?</c>.</summary>
    public string ToQueryString()
    {
        string[] parts =
        [
            .. Sort.Length > 0 ? new[] { $"sort={Uri.EscapeDataString(Sort)}{(Descending ? "&order=desc" : "")}" } : [],
            .. Kind.Length > 0 ? new[] { $"kind={Uri.EscapeDataString(Kind)}" } : [],
            .. Family.Length > 0 ? new[] { $"family={Uri.EscapeDataString(Family)}" } : [],
            .. FrontierOnly ? new[] { "front=1" } : [],
            .. Trial is not null ? new[] { $"trial={Uri.EscapeDataString(Trial)}" } : Page > 1 ? [string.Create(System.Globalization.CultureInfo.InvariantCulture, $"page={Page}")] : [],
        ];
        return parts.Length == 0 ? "?" : "?" + string.Join('&', parts);
    }
}
