using System.CommandLine;
using System.Net;
using System.Text;
using SweepCluster.Graphs;
using SweepCluster.Server.Clients;

namespace SweepCluster.Cli.Commands;

/// <summary><c>sweep health</c>: asks a process whether it is ready; for a container's or a supervisor's check, without another program.</summary>
internal sealed class HealthCommand : SweepCommand
{
    private const string Default = "http://127.0.0.1:9464/readyz", ReadyPath = "readyz", AlivePath = "/healthz";
    private const int MostBytes = 4096; // of an answer
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly Argument<string?> _url = new("url")
    {
        Description = $"Where the process tells how it is, as http://127.0.0.1:8080/readyz; without a path /readyz. Default: that of --server, else {Default}.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _server = new("--server") { Description = $"The 'sweep serve' to ask, as https://sweeps.example.org. Default: the environment variable {ServerArguments.Variable}." };

    internal HealthCommand()
        : base("health", "Asks a process whether it is ready: exit code 0 where it is, else 1 and the reason.")
    {
        Arguments.Add(_url);
        Options.Add(_server);
    }

    private protected override async Task<int> RunAsync(ParseResult input, CancellationToken cancellationToken)
    {
        (Uri url, string hint) = Address(input.GetValue(_url), input.GetValue(_server), Environment.GetEnvironmentVariable(ServerArguments.Variable));
        (bool isWell, string line) = await AskAsync(url, cancellationToken);
        await (isWell ? input.InvocationConfiguration.Output : input.InvocationConfiguration.Error).WriteLineAsync(isWell ? line : $"{url}: {line}{hint}");
        return isWell ? ExitCodes.Success : ExitCodes.Failed;
    }

    /// <summary>Whom to ask, and what is said beside a failure where the command line does not name it.</summary>
    /// <exception cref="BadInputException">It is no address, or there are two.</exception>
    internal static (Uri Url, string Hint) Address(string? url, string? server, string? variable) => (url, server, variable) switch
    {
        ({ }, { }, _) => throw new BadInputException("sweep health: found an address and --server, expected one of them."),
        ({ } text, _, _) => (Read(text), ""),
        (_, { } text, _) => (OfServer(text, "--server"), ""),
        (_, _, { Length: > 0 } text) => (OfServer(text, ServerArguments.Variable), $"; the address is that of the environment variable {ServerArguments.Variable}, 'sweep health URL' asks another"),
        _ => (new Uri(Default), $"; nothing was named: 'sweep health URL', --server or the environment variable {ServerArguments.Variable} say whom to ask"),
    };

    private static Uri Read(string text)
    {
        Uri url = HttpAddress.Of(text) ?? throw new BadInputException($"url: found '{OneLine.Short(text)}', expected an address as {Default}.");
        return url.PathAndQuery == "/" ? new Uri(url, ReadyPath) : url;
    }

    // A server may lie below a path of a proxy.
    private static Uri OfServer(string text, string named) => new(ServerAddress.Read(text, null, null, named).Url, ReadyPath);

    // Straight to the process: no proxy of the environment, and nowhere that the answer points to.
    private static async Task<(bool IsWell, string Line)> AskAsync(Uri url, CancellationToken cancellationToken)
    {
        using HttpClient client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false });
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_patience);
        try
        {
            using HttpResponseMessage answer = await client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return Judge(url, answer.StatusCode, await ReadStartAsync(answer.Content, limit.Token));
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            return (false, Describe(fault));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (false, $"no answer within {s_patience.TotalSeconds:0} s");
        }
    }

    // Any web server answers 200 to something: only the words of a process of ours count.
    private static (bool IsWell, string Line) Judge(Uri url, HttpStatusCode status, string text)
    {
        string well = url.AbsolutePath.EndsWith(AlivePath, StringComparison.Ordinal) ? "well" : "ready";
        return status switch
        {
            HttpStatusCode.OK when text.TrimEnd('\n') == well => (true, well),
            HttpStatusCode.OK => (false, $"found an answer that no 'sweep serve' or silo gives, expected '{well}'"),
            HttpStatusCode.ServiceUnavailable when text.StartsWith("not ready: ", StringComparison.Ordinal) => (false, OneLine.Short(text.Split('\n', 2)[0])),
            _ => (false, $"answered {(int)status}, expected 200"),
        };
    }

    private static string Describe(Exception fault) => ServerFaults.WithoutTls(fault) ?? $"cannot be reached ({OneLine.Short((fault.InnerException ?? fault).Message).TrimEnd('.')})";

    // As much as says whose answer it is, however long it is.
    private static async Task<string> ReadStartAsync(HttpContent content, CancellationToken cancellationToken)
    {
        await using Stream body = await content.ReadAsStreamAsync(cancellationToken);
        byte[] start = new byte[MostBytes];
        int length = await body.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
        return Encoding.UTF8.GetString(start, 0, length);
    }
}
