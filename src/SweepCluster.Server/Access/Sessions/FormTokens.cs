using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace SweepCluster.Server.Access.Sessions;

/// <summary>What a form sends to prove that a page of this server holds it. Another site cannot read it, and so cannot send it.</summary>
internal static class FormTokens
{
    private static readonly string s_process = New(); // where nobody signs in there are no sessions: one value for as long as the process lives

    /// <summary>A new value that nobody can guess.</summary>
    internal static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>The value of a session's forms; of no session's, the process's.</summary>
    internal static string For(SessionTicket? session) => session?.FormValue ?? s_process;

    /// <summary>Whether a form sent the right value, found in a time that does not tell where they differ.</summary>
    internal static bool Matches(string expected, string? sent) =>
        sent is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(sent));
}
