using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SweepCluster.Server.Access;

namespace SweepCluster.Server;

/// <summary>How a server is started.</summary>
public sealed record ServerOptions
{
    /// <summary>Where it answers. Default: <c>http://127.0.0.1:8080</c>, for this machine alone.</summary>
    public Uri Listen { get; init; } = new("http://127.0.0.1:8080");

    /// <summary>A second address, of plain http, that answers <c>/metrics</c>, <c>/healthz</c> and <c>/readyz</c> alone, to anybody who can reach it. Default: none.</summary>
    public Uri? Metrics { get; init; }

    /// <summary>Where it sends metrics and traces of its own accord. Default: where the environment says, else nowhere.</summary>
    public Telemetry.TelemetryOptions Telemetry { get; init; } = new() { Service = "sweep-serve" };

    /// <summary>Who may do what, and over what kind of connection.</summary>
    public AccessOptions Access { get; init; } = new();

    /// <summary>Whether sweeps that are handed in here may run a command of their own, on silos that allow it, too. Default: no.</summary>
    public bool AllowCommands { get; init; }

    /// <summary>Where it logs. Default: nowhere.</summary>
    public ILoggerFactory Logs { get; init; } = NullLoggerFactory.Instance;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
