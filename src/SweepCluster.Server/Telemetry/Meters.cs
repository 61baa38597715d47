using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;
using SweepCluster.Engine.Telemetry;

namespace SweepCluster.Server.Telemetry;

/// <summary>The meters and sources of traces that a process tells of.</summary>
internal static class Meters
{
    /// <summary>Our own; a room a meter.</summary>
    internal static IReadOnlyList<string> Own { get; } = [.. EngineTelemetry.Meters, ClusterTeller.MeterName, ServerMetrics.MeterName];

    /// <summary>All: the runtime's, ASP.NET Core's, Npgsql's and Orleans' too.</summary>
    internal static IReadOnlyList<string> All { get; } =
        [.. Own, "System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Npgsql", "Microsoft.Orleans"];

    /// <summary>Sources of spans. The database's own are left out: a sweep has thousands of calls.</summary>
    internal static IReadOnlyList<string> Sources { get; } = [.. EngineTelemetry.Sources, "Microsoft.AspNetCore"];

    // Names that Prometheus reads as the count of a histogram.
    private static readonly FrozenDictionary<string, string> s_renamed = new Dictionary<string, string>
    {
        ["dotnet.process.cpu.count"] = "dotnet.process.cpus",
        ["dotnet.thread_pool.thread.count"] = "dotnet.thread_pool.threads",
        ["dotnet.timer.count"] = "dotnet.timers",
        ["dotnet.assembly.count"] = "dotnet.assemblies",
        ["db.client.connection.count"] = "db.client.connections",
    }.ToFrozenDictionary();

    /// <summary>Whether a metric goes up and down although its instrument says that it only grows: the runtime's do.</summary>
    internal static bool IsLevel(string name) => name is "dotnet.thread_pool.threads" or "dotnet.thread_pool.queue.length";

    /// <summary>What stands against the defaults of an instrument's stream; null: nothing.</summary>
    internal static MetricStreamConfiguration? StreamOf(Instrument instrument) =>
        EngineTelemetry.MostSeriesOf(instrument) is { } most ? new MetricStreamConfiguration { CardinalityLimit = most }
        : s_renamed.TryGetValue(instrument.Name, out string? name) ? new MetricStreamConfiguration { Name = name }
        : null;

    /// <summary>Shows every counter of ours at 0, so that the first of anything is a change.</summary>
    internal static void Prime()
    {
        EngineTelemetry.Prime();
        ServerMetrics.Prime();
    }
}
