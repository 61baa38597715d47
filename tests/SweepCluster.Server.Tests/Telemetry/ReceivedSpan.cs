namespace SweepCluster.Server.Tests.Telemetry;

/// <summary>A span that arrived.</summary>
internal sealed record ReceivedSpan(string Trace, string Id, string Parent, string Name, IReadOnlyDictionary<string, string> Attributes);
