namespace SweepCluster.Cli.Commands;

/// <summary>Addresses on a command line.</summary>
internal static class HttpAddress
{
    /// <summary>An address of http or https without a user's name in it; null where the text is none.</summary>
    internal static Uri? Of(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps) && address.UserInfo.Length == 0 ? address : null;
}
