namespace SweepCluster.Server.Access.Audit;

/// <summary>One line of the audit log: something was changed, tried, or refused.</summary>
/// <param name="At">When it was over.</param>
/// <param name="Request">The request's id, which its answer has as <c>X-Request-Id</c>.</param>
/// <param name="Caller">Who; null: nobody signed in.</param>
/// <param name="Scope">What the caller may do.</param>
/// <param name="Way">How it signed in: <c>none</c>, <c>token</c>, <c>oidc</c>; null: it did not.</param>
/// <param name="Address">From where.</param>
/// <param name="Method">The method.</param>
/// <param name="Route">The endpoint's pattern; null where there is none.</param>
/// <param name="Path">The path, without its query.</param>
/// <param name="Subject">What the route names, as the sweep's id; null: nothing.</param>
/// <param name="Status">The answer's status.</param>
/// <param name="Outcome"><c>done</c>, <c>failed</c> or <c>refused</c>.</param>
/// <param name="Reason">Why it was refused, on one line; null where it was not.</param>
internal sealed record AuditEntry(
    DateTimeOffset At, string Request, string? Caller, string? Scope, string? Way, string? Address, string Method, string? Route, string Path, string? Subject, int Status, string Outcome, string? Reason);
