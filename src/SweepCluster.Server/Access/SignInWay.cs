namespace SweepCluster.Server.Access;

/// <summary>How somebody signed in.</summary>
internal enum SignInWay
{
    /// <summary>Not at all: the server is for this machine alone.</summary>
    None,

    /// <summary>By a token of the server.</summary>
    Token,

    /// <summary>By a token that an issuer signed.</summary>
    Oidc,
}
