using Npgsql;
using Orleans.Configuration;
using SweepCluster.Engine.Stores.Postgres;
using SweepCluster.Orleans.Membership;

namespace SweepCluster.Orleans.Silos;

/// <summary>What every member and client of the cluster over a store has in common.</summary>
internal static class ClusterWiring
{
    /// <summary>The provider's name for PostgreSQL.</summary>
    internal const string Invariant = "Npgsql";

    private const int MostConnections = 4; // of one process, beside the store's

    /// <summary>The cluster's name, and that of what it serves.</summary>
    internal static void Name(ClusterOptions options, string clusterId)
    {
        options.ClusterId = clusterId;
        options.ServiceId = "sweep";
    }

    /// <summary>A connection string for the provider of membership, which writes its tables without a schema.</summary>
    internal static string MembershipAddress(string store)
    {
        NpgsqlConnectionStringBuilder address = new(store) { SearchPath = OrleansSchema.Name, MaxPoolSize = MostConnections };
        address.MinPoolSize = Math.Min(address.MinPoolSize, MostConnections);
        KerberosLibrary.Settle(address);
        address.ApplicationName ??= "sweep";
        return address.ConnectionString;
    }
}
