namespace SweepCluster.Server.Api.OpenApi;

/// <summary>Metadata of an endpoint: a request header that it looks at.</summary>
/// <param name="Name">Name of the header.</param>
/// <param name="Description">What it is for.</param>
/// <param name="MaxLength">Most characters.</param>
internal sealed record HeaderParameter(string Name, string Description, int MaxLength);
