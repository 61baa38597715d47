using SweepCluster.Engine.Stores.Postgres;

namespace SweepCluster.Orleans.Membership;

/// <summary>
/// The tables of Orleans' membership in the store's database, in a schema of their own: who is a member, under one version that every change moves on.
/// The provider for ADO.NET finds its statements by key in <c>OrleansQuery</c>; that name it writes without a schema, so its connections search this one.
/// </summary>
internal static class OrleansSchema
{
    /// <summary>The schema's name.</summary>
    internal const string Name = "sweep_orleans";

    // Step n brings version n to version n + 1. A step that was released is never changed, nor are the statements that it stores.
    private static readonly string[] s_steps =
    [
        $"""
        CREATE TABLE sweep_orleans.origin (         -- one row, made with the schema
            single      boolean PRIMARY KEY DEFAULT true CHECK (single),
            id          uuid NOT NULL DEFAULT gen_random_uuid());
        INSERT INTO sweep_orleans.origin DEFAULT VALUES;

        CREATE TABLE sweep_orleans.clusters (
            id          text PRIMARY KEY,
            version     integer NOT NULL DEFAULT 0,  -- of the cluster's membership: whoever changes it names the version that he saw
            changed     timestamptz NOT NULL DEFAULT clock_timestamp());

        CREATE TABLE sweep_orleans.members (
            cluster     text NOT NULL REFERENCES sweep_orleans.clusters ON DELETE CASCADE,
            address     text NOT NULL,
            port        integer NOT NULL,
            generation  integer NOT NULL,           -- tells a silo from an earlier one on the same port
            name        text NOT NULL,
            host        text NOT NULL,
            gateway     integer NOT NULL,           -- port for clients; 0 for none
            status      integer NOT NULL,
            state       text GENERATED ALWAYS AS (
                (ARRAY['created', 'joining', 'active', 'shutting down', 'stopping', 'dead'])[status]) STORED,
            suspicions  text,
            started     timestamptz NOT NULL,
            alive       timestamptz NOT NULL,       -- by the silo's clock
            PRIMARY KEY (cluster, address, port, generation));

        CREATE TABLE sweep_orleans.orleansquery (querykey text PRIMARY KEY, querytext text NOT NULL);
        {string.Concat(MembershipQueries.All.Select(query => $"INSERT INTO sweep_orleans.orleansquery VALUES ('{query.Key}', $query${query.Text}$query$);\n"))}
        """,
    ];

    /// <summary>Brings the tables to this program's version, one process at a time.</summary>
    /// <returns>The cluster's id. It belongs to this database of this server alone, so that no copy of the database makes a second cluster of the same id.</returns>
    /// <exception cref="Graphs.BadInputException">The tables are of a newer version.</exception>
    internal static Task<string> EnsureAsync(PostgresDatabase database, CancellationToken cancellationToken) => database.RunAsync(
        async (connection, token) =>
        {
            await PostgresSchema.MigrateAsync(connection, Name, s_steps, database.Place, token);
            return (await connection.QueryAsync(
                """
                SELECT 'sweep-' || left(encode(sha256(convert_to(concat_ws(' ', o.id, s.system_identifier, d.oid), 'UTF8')), 'hex'), 32)
                FROM sweep_orleans.origin o, pg_control_system() s, pg_database d WHERE d.datname = current_database()
                """,
                [], row => row.GetString(0), token))[0];
        },
        cancellationToken);
}
