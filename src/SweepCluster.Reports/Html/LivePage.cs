namespace SweepCluster.Reports.Html;

/// <summary>What a live page has otherwise than the report's file; a cascading value of the components, null in the file.</summary>
/// <param name="Files">Address of the files that the report has beside it, with the last slash.</param>
/// <param name="Trial">Address that shows the trial of an id.</param>
public sealed record LivePage(string Files, Func<string, string> Trial)
{
    /// <summary>Address where a trial can be exported; null where the sweep is not finished.</summary>
    public Func<string, string>? Export { get; init; }

    /// <summary>Whether the sweep is finished, so that what is recommended is known.</summary>
    public bool IsFinal => Export is not null;

    /// <summary>Address of a file beside the report.</summary>
    /// <param name="page">The live page; null: the report's file.</param>
    /// <param name="name">The file's name, as <c>trials.csv</c>.</param>
    public static string File(LivePage? page, string name) => page?.Files + name;

    /// <summary>Address of a trial's row.</summary>
    /// <param name="page">The live page; null: the report's file.</param>
    /// <param name="id">The trial's id.</param>
    public static string Row(LivePage? page, string id) => page is null ? "#t-" + id : page.Trial(id);
}
