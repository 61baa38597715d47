using System.Text.Json;

namespace SweepCluster.Server.Tests.Monitoring;

/// <summary>A query of a panel.</summary>
internal sealed class DashboardQuery(JsonElement json)
{
    /// <summary>Its letter within the panel.</summary>
    internal string RefId { get; } = json.GetProperty("refId").GetString()!;

    /// <summary>What it asks Prometheus, with Grafana's variables.</summary>
    internal string Expression { get; } = json.GetProperty("expr").GetString()!;

    /// <summary>How its series are called; may hold labels in double braces.</summary>
    internal string Legend { get; } = json.GetProperty("legendFormat").GetString()!;

    /// <summary>Whose it is.</summary>
    internal string? Datasource { get; } = json.GetProperty("datasource").GetProperty("uid").GetString();
}
