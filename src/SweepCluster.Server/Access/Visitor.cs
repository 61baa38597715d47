using Microsoft.AspNetCore.Http;
using SweepCluster.Server.Access.Sessions;

namespace SweepCluster.Server.Access;

/// <summary>Who looks at a page, and what the page must hold for it.</summary>
internal sealed record Visitor
{
    /// <summary>Name of the hidden field that every form that posts must have, with <see cref="FormValue"/>.</summary>
    internal const string FormField = "form-token";

    /// <summary>Name of the header that a script sends instead of the field, with <see cref="FormValue"/>.</summary>
    internal const string FormHeader = "X-Form-Token";

    /// <summary>The signed-in name; null where nobody is signed in, <c>local</c> where nobody needs to.</summary>
    internal required string? Name { get; init; }

    /// <summary>What it may do; null: nothing.</summary>
    internal required AccessScope? Scope { get; init; }

    /// <summary>Value of <see cref="FormField"/>.</summary>
    internal required string FormValue { get; init; }

    /// <summary>Address of the sign-in page, coming back here afterwards; null where somebody is signed in or nobody needs to.</summary>
    internal required string? SignInLink { get; init; }

    /// <summary>Where a form with <see cref="FormField"/> posts to sign out; null where there is nothing to sign out of.</summary>
    internal required string? SignOutAction { get; init; }

    /// <summary>Whether it may do what needs a scope.</summary>
    internal bool May(AccessScope scope) => Scope >= scope;

    /// <summary>Who looks.</summary>
    internal static Visitor Of(HttpContext context)
    {
        Caller? caller = context.Features.Get<Caller>();
        SessionTicket? session = context.Features.Get<SessionTicket>();
        return new Visitor
        {
            Name = caller?.Name,
            Scope = caller?.Scope,
            FormValue = FormTokens.For(session),
            SignInLink = caller is null ? SignInPaths.LinkBackTo(context.Request.Path + context.Request.QueryString) : null,
            SignOutAction = session is null ? null : SignInPaths.SignOut,
        };
    }
}
