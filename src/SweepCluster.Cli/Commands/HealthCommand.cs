using System.CommandLine;
using System.Net;
using System.Text;
using SweepCluster.Graphs;

namespace SweepCluster.Cli.Commands;

/// <summary><c>sweep health</c>: asks a process whether it is ready; for a container's or a supervisor's check, without another program.</summary>
internal sealed class HealthCommand : SweepCommand
{
    private const string Default = "http://127.0.0.1:9464/readyz";
    private const int MostBytes = 4096; // of an answer
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly Argument<string> _url = new("url")
    {
        Description = $"Where the process tells how it is, as http://127.0.0.1:8080/readyz; without a path /readyz. Default: {Default}.",
        DefaultValueFactory = static _ => Default,
    };

    internal HealthCommand()
        : base("health", "Asks a process whether it is ready: exit code 0 where it is, else 1 and the reason.") => Arguments.Add(_url);

    private protected override async Task<int> RunAsync(ParseResult input, CancellationToken cancellationToken)
    {
        Uri url = Read(input.GetValue(_url)!);
        (bool isWell, string line) = await AskAsync(url, cancellationToken);
        await (isWell ? input.InvocationConfiguration.Output : input.InvocationConfiguration.Error).WriteLineAsync(isWell ? line : $"{url}: {line}");
        return isWell ? ExitCodes.Success : ExitCodes.Failed;
    }

    private static Uri Read(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps) || url.UserInfo.Length > 0)
        {
            throw new BadInputException($"url: found '{OneLine.Short(text)}', expected an address as {Default}.");
        }

        return url.PathAndQuery == "/" ? new Uri(url, "readyz") : url;
    }

    // Straight to the process: no proxy of the environment, and nowhere that the answer points to.
    private static async Task<(bool IsWell, string Line)> AskAsync(Uri url, CancellationToken cancellationToken)
    {
        using HttpClient client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false });
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_patience);
        try
        {
            using HttpResponseMessage answer = await client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            string line = await ReadLineAsync(answer.Content, limit.Token);
            return answer.StatusCode == HttpStatusCode.OK ? (true, line.Length > 0 ? line : "ready")
                : (false, answer.StatusCode == HttpStatusCode.ServiceUnavailable && line.Length > 0 ? line : $"answered {(int)answer.StatusCode}, expected 200");
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            return (false, $"cannot be reached ({OneLine.Short(fault.Message).TrimEnd('.')})");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (false, $"no answer within {s_patience.TotalSeconds:0} s");
        }
    }

    private static async Task<string> ReadLineAsync(HttpContent content, CancellationToken cancellationToken)
    {
        await using Stream body = await content.ReadAsStreamAsync(cancellationToken);
        byte[] start = new byte[MostBytes];
        int length = await body.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
        string[] lines = Encoding.UTF8.GetString(start, 0, length).Split('\n', 2);
        return OneLine.Short(lines[0]);
    }
}
