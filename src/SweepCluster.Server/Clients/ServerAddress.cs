using System.Net.Http.Headers;
using SweepCluster.Graphs;

namespace SweepCluster.Server.Clients;

/// <summary>Where a server is, and how somebody signs in there.</summary>
public sealed record ServerAddress
{
    private ServerAddress(Uri url, string place, string? token, string? authorities) => (Url, Place, Token, Authorities) = (url, place, token, authorities);

    /// <summary>The server's root; ends with <c>/</c>.</summary>
    public Uri Url { get; }

    /// <summary>What messages call it.</summary>
    public string Place { get; }

    /// <summary>File of certificates (PEM) of the authorities that are trusted instead of the system's; null: the system's.</summary>
    public string? Authorities { get; }

    /// <summary>What it is signed in with; null: nobody is.</summary>
    internal string? Token { get; }

    /// <summary>Reads an address.</summary>
    /// <param name="url">As <c>https://sweeps.example.org</c>, perhaps with a path.</param>
    /// <param name="token">What to sign in with; null: nothing.</param>
    /// <param name="authorities">File of certificates of the authorities that are trusted instead of the system's; null: the system's.</param>
    /// <param name="named">Where it was read: an option, or a variable of the environment.</param>
    /// <exception cref="BadInputException">It is none, or a token would leave this machine unencrypted.</exception>
    public static ServerAddress Read(string url, string? token, string? authorities, string named = "--server")
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? address) || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps) || address.Host.Length == 0
            || address.Query.Length > 0 || address.Fragment.Length > 0)
        {
            throw new BadInputException($"{named}: found '{Hide(url)}', expected the address of a 'sweep serve', as https://sweeps.example.org or http://127.0.0.1:8080.");
        }

        string place = address.GetLeftPart(UriPartial.Path).TrimEnd('/');
        if (address.UserInfo.Length > 0)
        {
            throw new BadInputException($"{named}: found a user name or a password in the address, expected none there: a token comes from the environment variable SWEEP_TOKEN or from --token-file.");
        }

        if (place.EndsWith(Api.ApiPaths.Root, StringComparison.Ordinal))
        {
            throw new BadInputException($"{named}: found '{place}', expected the server's own address, {place[..^Api.ApiPaths.Root.Length]}, without {Api.ApiPaths.Root}.");
        }

        if (token is not null && address.Scheme == Uri.UriSchemeHttp && !address.IsLoopback)
        {
            throw new BadInputException(
                $"{named} {place}: found a token that would cross the network unencrypted, expected https, or http to this machine (127.0.0.1, localhost), as through an ssh tunnel.");
        }

        if (token is not null && !AuthenticationHeaderValue.TryParse($"Bearer {token}", out _))
        {
            throw new BadInputException("token: found characters that no token has, expected one line of letters, digits and punctuation.");
        }

        return new ServerAddress(new Uri(place + "/"), place, token, authorities);
    }

    /// <summary>Without the token.</summary>
    public override string ToString() => Place;

    // What stands between :// and @ may be a password.
    private static string Hide(string url) => url.IndexOf('@', StringComparison.Ordinal) is > 0 and int at ? ".." + url[at..] : url;
}
