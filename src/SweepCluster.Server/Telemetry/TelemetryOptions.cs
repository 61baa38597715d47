namespace SweepCluster.Server.Telemetry;

/// <summary>Where a process sends its metrics and traces of its own accord.</summary>
public sealed record TelemetryOptions
{
    private static readonly string[] s_variables = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];

    /// <summary>Base address of an OTLP receiver over HTTP, as <c>http://127.0.0.1:4318</c>; null: what OpenTelemetry's environment variables say, or nowhere.</summary>
    public Uri? Otlp { get; init; }

    /// <summary>What the process is among others, as <c>sweep-silo</c>.</summary>
    public string Service { get; init; } = "sweep";

    /// <summary>Which one of them it is; null: the machine's name and the process's number.</summary>
    public string? Instance { get; init; }

    /// <summary>Whether anything is sent.</summary>
    internal bool IsPushing => Otlp is not null || s_variables.Any(name => Environment.GetEnvironmentVariable(name) is { Length: > 0 });
}
