namespace SweepCluster.Server.Access.Sessions;

/// <summary>Where people sign in and out.</summary>
internal static class SignInPaths
{
    internal const string SignIn = "/sign-in";
    internal const string SignOut = "/sign-out";

    /// <summary>The sign-in page's address that comes back to a place of this server afterwards.</summary>
    internal static string LinkBackTo(string place) => $"{SignIn}?return={Uri.EscapeDataString(place)}";

    /// <summary>A place of this server, whatever somebody wrote into the link: a path of one leading slash, without what browsers take for another host.</summary>
    internal static string SafePlace(string? place) =>
        place is { Length: > 0 and <= 2048 } && place[0] == '/' && !(place.Length > 1 && place[1] is '/' or '\\') && !place.Any(letter => char.IsControl(letter) || letter == '\\') ? place : "/";
}
