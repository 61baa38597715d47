using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SweepCluster.Server.Access;
using SweepCluster.Server.Access.Headers;
using SweepCluster.Server.Access.Limits;
using SweepCluster.Server.Access.Tokens;
using SweepCluster.Testing;

namespace SweepCluster.Server.Tests.Access;

/// <summary>A real web server with the door and, behind it, one endpoint of each kind.</summary>
internal sealed class Door : IAsyncDisposable
{
    private readonly WebApplication _server;

    private Door(WebApplication server, NewToken[] tokens)
    {
        _server = server;
        (Read, Submit, Admin) = (tokens[0].Secret, tokens[1].Secret, tokens[2].Secret);
        Address = new Uri(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First().Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal));
        Client = NewClient();
    }

    public Uri Address { get; }

    /// <summary>Keeps no cookies and follows no redirect.</summary>
    public HttpClient Client { get; }

    public string Read { get; }

    public string Submit { get; }

    public string Admin { get; }

    public static NewToken[] MakeTokens() =>
        [NewToken.Make("reader", "read", null, HandTime.Start), NewToken.Make("submitter", "submit", null, HandTime.Start), NewToken.Make("chief", "admin", null, HandTime.Start)];

    public static string Lines(params NewToken[] tokens) => string.Join('\n', tokens.Select(token => token.Line));

    /// <summary>A door where tokens sign in.</summary>
    public static Task<Door> WithTokensAsync(Func<AccessOptions, AccessOptions>? change = null, TimeProvider? time = null) => StartAsync(MakeTokens(), change, time);

    /// <summary>A door where nobody signs in.</summary>
    public static Task<Door> OpenAsync(Func<AccessOptions, AccessOptions>? change = null) => StartAsync(null, change, null);

    /// <summary>A door that every address of the machine has, to which all requests seem to come from one address.</summary>
    public static Task<Door> FromAsync(string from, NewToken[]? tokens, Func<AccessOptions, AccessOptions> change) => StartAsync(tokens, change, null, "http://0.0.0.0:0", IPAddress.Parse(from));

    public static async Task<Door> StartAsync(NewToken[]? tokens, Func<AccessOptions, AccessOptions>? change, TimeProvider? time, string listen = "http://127.0.0.1:0", IPAddress? from = null)
    {
        AccessOptions access = new() { TokenLines = tokens is null ? null : Lines(tokens) };
        ServerOptions options = new() { Listen = new Uri(listen), Access = change?.Invoke(access) ?? access, Time = time ?? TimeProvider.System };
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        AccessFeature.Listen(builder, options);
        AccessFeature.Add(builder.Services, options);
        WebApplication server = builder.Build();
        if (from is not null)
        {
            server.Use((context, next) =>
            {
                context.Connection.RemoteIpAddress = from; // as if the connection came from there
                return next(context);
            });
        }

        AccessFeature.Use(server);
        Map(server);
        await server.StartAsync();
        return new Door(server, tokens ?? [.. Enumerable.Repeat(new NewToken("", ""), 3)]);
    }

    public HttpClient NewClient(CookieContainer? cookies = null) =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = cookies is not null, CookieContainer = cookies ?? new CookieContainer(), UseProxy = false }) { BaseAddress = Address };

    /// <summary>Sends a request with headers as they are given.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? bearer = null, (string Name, string Value)[]? headers = null, HttpContent? content = null)
    {
        using HttpRequestMessage request = new(method, path) { Content = content };
        request.Headers.Authorization = bearer is null ? null : new AuthenticationHeaderValue("Bearer", bearer);
        foreach ((string name, string value) in headers ?? [])
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public Task<HttpResponseMessage> GetAsync(string path, string? bearer = null, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, bearer, headers);

    public async Task<HttpStatusCode> StatusAsync(string path, string? bearer = null, params (string Name, string Value)[] headers)
    {
        using HttpResponseMessage answer = await GetAsync(path, bearer, headers);
        return answer.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        using CancellationTokenSource hurry = new(TimeSpan.Zero); // streams are cut off
        await _server.StopAsync(hurry.Token);
        await _server.DisposeAsync();
    }

    private static void Map(WebApplication server)
    {
        RequiredScope.On(server.MapGet("/open", () => "open"), null);
        RequiredScope.On(server.MapGet("/page", (HttpContext context) => Show(Visitor.Of(context))), AccessScope.Read);
        RequiredScope.On(server.MapGet("/api/v1/sweeps", () => "[]"), AccessScope.Read);
        RequiredScope.On(server.MapPost("/api/v1/sweeps", async (HttpContext context) => $"{await LengthAsync(context.Request.Body)}"), AccessScope.Submit);
        RequiredScope.On(server.MapDelete("/api/v1/sweeps/{id}", (string id) => id), AccessScope.Admin);
        RequiredScope.On(server.MapPost("/page", (HttpContext context) => $"posted by {Visitor.Of(context).Name}"), AccessScope.Submit);
        RequiredScope.On(Transfer.On(server.MapPut("/api/v1/blobs/{hash}", async (HttpContext context) => $"{await LengthAsync(context.Request.Body)}"), 4 << 20), AccessScope.Submit);
        RequiredScope.On(OwnDocument.On(server.MapGet("/report.html", () => Results.Content("<style>b{}</style>", "text/html"))), AccessScope.Read);
        RequiredScope.On(EndlessAnswer.On(server.MapGet("/api/v1/changes", StreamAsync)), AccessScope.Read);
        RequiredScope.On(server.MapGet("/defect", string () => throw new InvalidOperationException("a secret of the inside")), AccessScope.Read);
        server.MapGet("/forgotten", () => "nobody may see this");
    }

    private static string Show(Visitor visitor) => string.Join('|', visitor.Name, visitor.Scope, visitor.FormValue, visitor.SignInLink, visitor.SignOutAction, visitor.May(AccessScope.Submit));

    private static async Task<long> LengthAsync(Stream body)
    {
        byte[] buffer = new byte[64 << 10];
        long length = 0;
        for (int read; (read = await body.ReadAsync(buffer)) > 0;)
        {
            length += read;
        }

        return length;
    }

    private static async Task StreamAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync("data: hello\n\n");
        await context.Response.Body.FlushAsync();
        await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
    }
}
