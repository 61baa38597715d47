namespace SweepCluster.Server.Tests.Monitoring;

/// <summary>One alert.</summary>
internal sealed record AlertRule(string Name, string Expression, string? Severity, string? Summary, string? Description, string? Runbook);
