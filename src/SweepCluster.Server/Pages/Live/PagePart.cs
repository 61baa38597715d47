using System.Security.Cryptography;
using System.Text;

namespace SweepCluster.Server.Pages.Live;

/// <summary>A part of a page as it reads now.</summary>
public sealed record PagePart
{
    private const int HashBytes = 9; // tells apart what one part of one page reads over time

    /// <summary>A part.</summary>
    /// <param name="name">Its name on the page.</param>
    /// <param name="html">What stands in it.</param>
    public PagePart(string name, string html)
    {
        Name = name;
        Html = html;
        Hash = System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(html)).AsSpan(0, HashBytes));
    }

    /// <summary>Its name on the page.</summary>
    public string Name { get; }

    /// <summary>What stands in it.</summary>
    public string Html { get; }

    /// <summary>Tells whether it reads otherwise than before.</summary>
    public string Hash { get; }

    /// <summary>Whether it only holds the place of what is being read: a browser that has the part keeps what it has.</summary>
    public bool IsPlaceholder { get; init; }
}
