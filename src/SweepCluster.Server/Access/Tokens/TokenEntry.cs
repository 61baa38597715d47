namespace SweepCluster.Server.Access.Tokens;

/// <summary>A token that a server knows.</summary>
/// <param name="Name">Whose it is.</param>
/// <param name="Scope">What it may do.</param>
/// <param name="Hash">SHA-256 of its secret, as 64 hexadecimal digits.</param>
/// <param name="Expires">From when it no longer holds; null: never.</param>
internal sealed record TokenEntry(string Name, AccessScope Scope, string Hash, DateTimeOffset? Expires);
