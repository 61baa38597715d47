using System.CommandLine;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SweepCluster.Graphs;
using SweepCluster.Server;
using SweepCluster.Server.Logs;
using SweepCluster.Server.Telemetry;

namespace SweepCluster.Cli.Commands;

/// <summary>The options by which a process that works tells of itself: metrics, traces, logs.</summary>
internal sealed class TelemetryArguments
{
    private const string Text = "text", Json = "json";

    private readonly Option<string?> _listen = new("--listen") { Description = "Where it answers /metrics, as http://127.0.0.1:9464. Default: nowhere." };
    private readonly Option<string?> _metrics = new("--metrics")
    {
        Description = "A second address, of plain http, that answers /metrics, /healthz and /readyz alone, to anybody who can reach it, as http://0.0.0.0:9464 in a container. Default: none.",
    };

    private readonly Option<string?> _otlp = new("--otlp")
    {
        Description = "Sends metrics and traces to an OpenTelemetry receiver over HTTP, as http://127.0.0.1:4318. Default: what OTEL_EXPORTER_OTLP_ENDPOINT says.",
    };

    private readonly Option<string> _log = new("--log") { Description = "text for people; json writes one object a line to standard error.", DefaultValueFactory = _ => Text };

    internal TelemetryArguments() => _log.AcceptOnlyFromAmong(Text, Json);

    /// <summary>Adds <c>--otlp</c>, and where they are asked for <c>--listen</c>, <c>--log</c> and <c>--metrics</c>.</summary>
    internal void AddTo(Command command, bool listens = true, bool logs = true, bool metrics = false)
    {
        if (listens)
        {
            command.Options.Add(_listen);
        }

        if (metrics)
        {
            command.Options.Add(_metrics);
        }

        command.Options.Add(_otlp);
        if (logs)
        {
            command.Options.Add(_log);
        }
    }

    /// <summary>Whether it is to listen.</summary>
    internal bool Listens(ParseResult input) => input.GetValue(_listen) is not null;

    /// <summary>The second address, for metrics and health alone; null: none.</summary>
    /// <exception cref="BadInputException">It is none.</exception>
    internal Uri? Metrics(ParseResult input)
    {
        const string Example = "http://0.0.0.0:9464";
        return input.GetValue(_metrics) is not { } text ? null
            : ReadAddress("--metrics", text, Example) is { AbsolutePath: "/" } address ? address
            : throw new BadInputException($"--metrics: found '{text}', expected an address without a path, as {Example}.");
    }

    /// <summary>The logs; nowhere unless JSON is asked for.</summary>
    internal ILoggerFactory Logs(ParseResult input, TextWriter error, TimeProvider time) =>
        input.GetValue(_log) == Json ? JsonLines.Create(error, time) : NullLoggerFactory.Instance;

    /// <summary>Where an operator is told things in one line: in the logs where there are any, else on standard error.</summary>
    internal static Action<string> Notices(ILoggerFactory logs, TextWriter error) => logs is NullLoggerFactory ? error.WriteLine : JsonLines.Notices(logs);

    /// <summary>Where metrics and traces go of their own accord.</summary>
    /// <param name="input">The command line.</param>
    /// <param name="service">What the process is among others.</param>
    /// <param name="instance">Which one of them.</param>
    /// <exception cref="BadInputException">The address is none.</exception>
    internal TelemetryOptions Options(ParseResult input, string service, string? instance) => new()
    {
        Otlp = input.GetValue(_otlp) is { } otlp ? ReadAddress("--otlp", otlp, "http://127.0.0.1:4318") : null,
        Service = service,
        Instance = instance,
    };

    /// <summary>Begins to listen and to send, as far as it is asked for.</summary>
    /// <param name="input">The command line.</param>
    /// <param name="options">Who may read, what the process is, and where it tells metrics and health alone; where else it listens is read here.</param>
    /// <param name="store">The store that must be well; null: none in common with others.</param>
    /// <param name="notice">Told in one line where it listens.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BadInputException">It cannot listen there.</exception>
    internal async Task<IAsyncDisposable?> StartAsync(ParseResult input, ServerOptions options, string? store, Action<string> notice, CancellationToken cancellationToken)
    {
        if (input.GetValue(_listen) is { } listen)
        {
            return await SiloListener.StartAsync(options with { Listen = ReadAddress("--listen", listen, "http://127.0.0.1:9464") }, store, notice, cancellationToken);
        }

        if (options.Metrics is not null)
        {
            return await SiloListener.StartMetricsAsync(options, store, notice, cancellationToken);
        }

        return TelemetryPush.Start(options.Telemetry) is { } push ? new Pushing(push) : null;
    }

    private static Uri ReadAddress(string option, string text, string example) => HttpAddress.Of(text) is { Query: "" } address
        ? address
        : throw new BadInputException($"{option}: found '{text}', expected an address as {example}.");

    private sealed class Pushing(IDisposable push) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            push.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
