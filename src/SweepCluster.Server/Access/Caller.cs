namespace SweepCluster.Server.Access;

/// <summary>Who asks.</summary>
/// <param name="Name">Its name, as the token's line or claim has it.</param>
/// <param name="Scope">What it may do; null: nothing that needs a scope.</param>
/// <param name="Way">How it signed in.</param>
/// <param name="Key">Tells it from all others; not shown.</param>
/// <param name="Expires">When its sign-in ends; null: not by itself.</param>
internal sealed record Caller(string Name, AccessScope? Scope, SignInWay Way, string Key, DateTimeOffset? Expires)
{
    /// <summary>Somebody on this machine, or in a network that is taken as it, where nobody signs in.</summary>
    internal static Caller Local { get; } = new("local", AccessScope.Admin, SignInWay.None, "local", null);
}
