namespace SweepCluster.Server.Access;

/// <summary>Scopes as they are written.</summary>
internal static class ScopeWords
{
    /// <summary>A scope's word; of none, <c>none</c>.</summary>
    internal static string Of(AccessScope? scope) => scope switch
    {
        AccessScope.Read => "read",
        AccessScope.Submit => "submit",
        AccessScope.Admin => "admin",
        _ => "none",
    };

    /// <summary>The scope of a word; null where it is none.</summary>
    internal static AccessScope? Read(string word) => word switch
    {
        "read" => AccessScope.Read,
        "submit" => AccessScope.Submit,
        "admin" => AccessScope.Admin,
        _ => null,
    };
}
