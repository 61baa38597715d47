using System.Collections.Immutable;

namespace SweepCluster.Orleans.Membership;

/// <summary>
/// The statements that Orleans' provider of membership over ADO.NET looks up by key: their parameters and columns are its contract, the text is ours.
/// What changes the membership names the version that it saw, moves it on by one in the same statement, and tells in one boolean whether it was still that one.
/// </summary>
internal static class MembershipQueries
{
    private const string Columns = """
        c.version AS "Version", m.address AS "Address", m.port AS "Port", m.generation AS "Generation", m.name AS "SiloName", m.host AS "HostName",
        m.gateway AS "ProxyPort", m.status AS "Status", m.suspicions AS "SuspectTimes", m.started AS "StartTime", m.alive AS "IAmAliveTime"
        """;

    private const string IsMember = "cluster = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation";

    /// <summary>Every statement with its key.</summary>
    internal static ImmutableArray<(string Key, string Text)> All { get; } =
    [
        ("InsertMembershipVersionKey",
            """
            WITH made AS (INSERT INTO sweep_orleans.clusters (id) VALUES (@DeploymentId) ON CONFLICT DO NOTHING RETURNING id) SELECT EXISTS (SELECT FROM made)
            """),

        // Two that saw the same version meet at the cluster's row: the second finds another version there, and changes nothing.
        ("InsertMembershipKey",
            $"""
            WITH moved AS (
                UPDATE sweep_orleans.clusters SET version = version + 1, changed = clock_timestamp()
                WHERE id = @DeploymentId AND version = @Version AND NOT EXISTS (SELECT FROM sweep_orleans.members WHERE {IsMember}) RETURNING id),
            entered AS (
                INSERT INTO sweep_orleans.members (cluster, address, port, generation, name, host, gateway, status, started, alive)
                SELECT id, @Address, @Port, @Generation, @SiloName, @HostName, @ProxyPort, @Status, @StartTime, @IAmAliveTime FROM moved RETURNING cluster)
            SELECT EXISTS (SELECT FROM entered)
            """),
        ("UpdateMembershipKey",
            $"""
            WITH moved AS (
                UPDATE sweep_orleans.clusters SET version = version + 1, changed = clock_timestamp()
                WHERE id = @DeploymentId AND version = @Version AND EXISTS (SELECT FROM sweep_orleans.members WHERE {IsMember}) RETURNING id),
            changed AS (
                UPDATE sweep_orleans.members SET status = @Status, suspicions = @SuspectTimes, alive = greatest(alive, @IAmAliveTime) FROM moved
                WHERE {IsMember} RETURNING cluster)
            SELECT EXISTS (SELECT FROM changed)
            """),

        // A sign of life is no change of the membership.
        ("UpdateIAmAlivetimeKey", $"UPDATE sweep_orleans.members SET alive = @IAmAliveTime WHERE {IsMember}"),

        // One row at least, so that the version is known of a cluster without members.
        ("MembershipReadAllKey",
            $"SELECT {Columns} FROM sweep_orleans.clusters c LEFT JOIN sweep_orleans.members m ON m.cluster = c.id WHERE c.id = @DeploymentId"),
        ("MembershipReadRowKey",
            $"""
            SELECT {Columns} FROM sweep_orleans.clusters c
            LEFT JOIN sweep_orleans.members m ON m.cluster = c.id AND m.address = @Address AND m.port = @Port AND m.generation = @Generation
            WHERE c.id = @DeploymentId
            """),
        ("GatewaysQueryKey",
            """
            SELECT address AS "Address", gateway AS "ProxyPort", generation AS "Generation" FROM sweep_orleans.members
            WHERE cluster = @DeploymentId AND status = @Status AND gateway > 0
            """),
        ("DeleteMembershipTableEntriesKey", "DELETE FROM sweep_orleans.clusters WHERE id = @DeploymentId"),

        // The dead (status 6) of long ago: all at once, as providers before 10.4.2 ask for it, or one that is still as it was read.
        ("CleanupDefunctSiloEntriesKey",
            "DELETE FROM sweep_orleans.members WHERE cluster = @DeploymentId AND status = 6 AND alive < @IAmAliveTime AND started < @IAmAliveTime"),
        ("CleanupDefunctSiloEntryKey",
            $"""
            DELETE FROM sweep_orleans.members
            WHERE {IsMember} AND status = 6 AND alive = @IAmAliveTime AND started = @StartTime AND suspicions IS NOT DISTINCT FROM @SuspectTimes
            """),
    ];
}
