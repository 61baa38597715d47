using System.Net;

namespace SweepCluster.Server.Access.Sessions;

/// <summary>The pages of the door: sign-in, and a refusal. They stand alone, so that they work where nothing else may be shown.</summary>
internal static class SignInPage
{
    /// <summary>Their style.</summary>
    internal const string Style = """
        :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
        body { margin: 0; min-height: 100vh; display: grid; place-items: center; }
        main { width: min(26rem, calc(100vw - 2rem)); padding: 1rem; box-sizing: border-box; }
        h1 { font-size: 1.4rem; margin: 0 0 1rem; }
        label { display: block; font-weight: 600; margin-bottom: .25rem; }
        input, button { font: inherit; width: 100%; box-sizing: border-box; padding: .5rem .75rem; border: 1px solid GrayText; border-radius: .375rem; }
        button { margin-top: 1rem; border-color: transparent; background: LinkText; color: Canvas; font-weight: 600; cursor: pointer; }
        :focus-visible { outline: 3px solid Highlight; outline-offset: 2px; }
        .fault { border-left: 4px solid #c0392b; padding: .25rem .75rem; margin: 0 0 1rem; }
        .hint { color: GrayText; font-size: .875rem; margin-top: .5rem; }

        """;

    /// <summary>The page that takes a token.</summary>
    /// <param name="formValue">What the form must repeat.</param>
    /// <param name="place">Where to go afterwards.</param>
    /// <param name="fault">Why the last token was not taken; null: none was tried.</param>
    internal static string Form(string formValue, string place, string? fault) => Document(
        "Sign in",
        $"""
        <h1>Sign in to SweepCluster</h1>
        {(fault is null ? "" : $"<p class=\"fault\" role=\"alert\">Not signed in: {WebUtility.HtmlEncode(fault)}.</p>")}
        <form method="post" action="{SignInPaths.SignIn}">
        <input type="hidden" name="{Visitor.FormField}" value="{WebUtility.HtmlEncode(formValue)}">
        <input type="hidden" name="return" value="{WebUtility.HtmlEncode(place)}">
        <label for="token">Token</label>
        <input id="token" name="token" type="password" autocomplete="current-password" spellcheck="false" maxlength="16384" required autofocus>
        <p class="hint">Whoever runs this server makes one with <code>sweep token</code>.</p>
        <button type="submit">Sign in</button>
        </form>
        """);

    /// <summary>A page that says why something is refused.</summary>
    internal static string Message(string title, string detail) => Document(
        title,
        $"""
        <h1>{WebUtility.HtmlEncode(title)}</h1>
        <p>{WebUtility.HtmlEncode(char.ToUpperInvariant(detail[0]) + detail[1..])}.</p>
        <p><a href="/">Back to the sweeps</a></p>
        """);

    private static string Document(string title, string content) => $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{WebUtility.HtmlEncode(title)} · SweepCluster</title>
        <link rel="stylesheet" href="{SignInPaths.Style}">
        </head>
        <body>
        <main>
        {content}
        </main>
        </body>
        </html>

        """;
}
