namespace SweepCluster.Server.Access.Sessions;

/// <summary>A session that the sign-in page began. The browser has its secret, the server only the secret's hash.</summary>
/// <param name="Hash">SHA-256 of the secret, as hexadecimal digits.</param>
/// <param name="Caller">Who signed in.</param>
/// <param name="FormValue">What forms of this session must send.</param>
/// <param name="Expires">When it ends.</param>
internal sealed record SessionTicket(string Hash, Caller Caller, string FormValue, DateTimeOffset Expires);
