using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using SweepCluster.Server.Access;

namespace SweepCluster.Server.Pages;

/// <summary>Serves the files that pages need.</summary>
internal static class AssetEndpoints
{
    /// <summary>Maps them; anybody may have them: the sign-in page is a page too.</summary>
    internal static void Map(WebApplication server)
    {
        foreach (PageAsset asset in PageAssets.All)
        {
            RequiredScope.On(server.MapGet(asset.Path, (HttpContext context) => SendAsync(context, asset)), null);
        }
    }

    private static async Task SendAsync(HttpContext context, PageAsset asset)
    {
        bool packed = context.Request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal);
        byte[] content = packed ? asset.Packed : asset.Content;
        context.Response.ContentType = asset.ContentType;
        context.Response.ContentLength = content.Length;
        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        context.Response.Headers.Vary = "Accept-Encoding";
        if (packed)
        {
            context.Response.Headers.ContentEncoding = "br";
        }

        await context.Response.Body.WriteAsync(content, context.RequestAborted);
    }
}
