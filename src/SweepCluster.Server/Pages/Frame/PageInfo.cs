namespace SweepCluster.Server.Pages.Frame;

/// <summary>What stands around a page.</summary>
/// <param name="Title">Its title, without the program's name.</param>
/// <param name="Place">Address of the entry of the navigation that it belongs to.</param>
/// <param name="User">Who looks.</param>
public sealed record PageInfo(string Title, string Place, PageUser User)
{
    /// <summary>Colours that the visitor chose: <c>light</c> or <c>dark</c>; null: as the system has it.</summary>
    public string? Theme { get; init; }

    /// <summary>Address of the page's server-sent events, with its query; null where it does not change.</summary>
    public string? Live { get; init; }

    /// <summary>Whether nothing but the colours can be chosen: for somebody who is not let in.</summary>
    public bool IsBare { get; init; }
}
