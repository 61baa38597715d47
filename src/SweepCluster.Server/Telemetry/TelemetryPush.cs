namespace SweepCluster.Server.Telemetry;

/// <summary>Sends a process's metrics and traces to an OTLP receiver where it answers no scrapes itself.</summary>
public static class TelemetryPush
{
    /// <summary>Begins to send, where it is asked for.</summary>
    /// <param name="options">Where to.</param>
    /// <returns>Sends the rest and ends when it is disposed of; null where nothing is to be sent.</returns>
    public static IDisposable? Start(TelemetryOptions options) => options.IsPushing ? new TelemetryPipeline(options) : null;
}
