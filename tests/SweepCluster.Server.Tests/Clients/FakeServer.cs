using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SweepCluster.Server.Api;

namespace SweepCluster.Server.Tests.Clients;

/// <summary>Something that listens on a port of this machine and answers what a test says.</summary>
internal sealed class FakeServer : IAsyncDisposable
{
    private readonly Func<HttpContext, Task> _answer;
    private readonly X509Certificate2? _certificate;
    private WebApplication _server = null!;
    private int _port;

    private FakeServer(Func<HttpContext, Task> answer, X509Certificate2? certificate)
    {
        _answer = answer;
        _certificate = certificate;
    }

    /// <summary>Where it listens; always the same port.</summary>
    internal string Url => $"{(_certificate is null ? "http" : "https")}://127.0.0.1:{_port}";

    /// <summary>Every request so far, as <c>GET /api/v1/sweeps</c>.</summary>
    internal ConcurrentQueue<string> Requests { get; } = new();

    internal static async Task<FakeServer> StartAsync(Func<HttpContext, Task> answer, X509Certificate2? certificate = null)
    {
        FakeServer server = new(answer, certificate);
        await server.StartAsync();
        return server;
    }

    internal async Task StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, _port, listen =>
            {
                if (_certificate is not null)
                {
                    listen.UseHttps(_certificate);
                }
            });
        });
        _server = builder.Build();
        _server.Run(context =>
        {
            Requests.Enqueue($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}");
            return _answer(context);
        });
        await _server.StartAsync();
        _port = new Uri(_server.Urls.First()).Port;
    }

    /// <summary>Cuts every connection and listens no more.</summary>
    internal async Task StopAsync()
    {
        using CancellationTokenSource hurry = new();
        await hurry.CancelAsync();
        await _server.StopAsync(hurry.Token);
        await _server.DisposeAsync();
    }

    internal static Task JsonAsync<T>(HttpContext context, T body, int status = 200, string type = "application/json")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        return context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(body, typeof(T), ApiJson.Default)).AsTask();
    }

    public async ValueTask DisposeAsync() => await StopAsync();
}
