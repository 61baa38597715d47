using SweepCluster.Testing.Databases;

namespace SweepCluster.Engine.Tests.Stores;

/// <summary>Databases of a server that says it started so long ago, whenever it is asked: nothing that a test does is too early or too late.</summary>
internal static class RestartedServer
{
    /// <summary>Makes an empty database.</summary>
    /// <returns>Its connection string.</returns>
    internal static async Task<string> CreateDatabaseAsync(TimeSpan ago)
    {
        string address = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        await PostgresServer.ExecuteAsync(
            address,
            $"""
            CREATE SCHEMA restarted;
            CREATE FUNCTION restarted.pg_postmaster_start_time() RETURNS timestamptz LANGUAGE sql STABLE AS $$ SELECT statement_timestamp() - interval '{(long)ago.TotalSeconds} s' $$;
            """);
        return $"{address};Search Path=restarted,pg_catalog";
    }
}
