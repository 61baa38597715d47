using Microsoft.AspNetCore.Http;
using SweepCluster.Server.Access;

namespace SweepCluster.Server.Pages.Frame;

/// <summary>Makes what stands around a page from the request.</summary>
internal static class PageInfos
{
    private const string ThemeCookie = "theme"; // written by the script, so that the next page has the right colours from its first moment

    /// <summary>What stands around a page.</summary>
    /// <param name="context">The request.</param>
    /// <param name="title">The page's title.</param>
    /// <param name="place">Address of the entry of the navigation that it belongs to.</param>
    /// <param name="isLive">Whether its address has server-sent events.</param>
    internal static PageInfo Of(HttpContext context, string title, string place, bool isLive)
    {
        Visitor visitor = Visitor.Of(context);
        return new PageInfo(title, place, new PageUser(
            visitor.Name, visitor.May(AccessScope.Submit), visitor.May(AccessScope.Admin), Visitor.FormField, visitor.FormValue, visitor.SignInLink, visitor.SignOutAction))
        {
            Theme = context.Request.Cookies[ThemeCookie] is "light" or "dark" ? context.Request.Cookies[ThemeCookie] : null,
            Live = isLive ? PagePaths.Live + context.Request.Path : null,
        };
    }
}
