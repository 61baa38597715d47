namespace SweepCluster.Engine.Stores.Postgres;

/// <summary>What a caller wants to claim.</summary>
internal sealed record ClaimRequest(ClaimFilter Filter, string Silo, int Limit, TimeSpan Lease);
