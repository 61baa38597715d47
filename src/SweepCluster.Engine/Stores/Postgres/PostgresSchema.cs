using Npgsql;
using SweepCluster.Graphs;

namespace SweepCluster.Engine.Stores.Postgres;

/// <summary>The tables, in a schema of their own, and how they come to be: step by step, each in a transaction with its number, one process at a time.</summary>
internal static class PostgresSchema
{
    private const long LockNumber = 0x5377656570_01; // "Sweep", 1: an advisory lock is a number that programs agree on

    // Step n brings version n to version n + 1. A step that was released is never changed; the next one is added behind it.
    private static readonly string[] s_steps =
    [
        """
        CREATE TABLE sweep.sweeps (
            number      integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            id          text NOT NULL UNIQUE,
            name        text NOT NULL,
            spec        text NOT NULL,
            model_hash  text NOT NULL,
            data_hash   text,
            version     text NOT NULL,
            request     text NOT NULL,
            jobs        bigint NOT NULL DEFAULT 0,  -- how many there are: the next one's place
            results     bigint NOT NULL DEFAULT 0,
            added       timestamptz NOT NULL DEFAULT clock_timestamp());

        CREATE TABLE sweep.jobs (                   -- never changes
            sweep       integer NOT NULL REFERENCES sweep.sweeps,
            sequence    bigint NOT NULL,
            kind        text NOT NULL,
            key         text NOT NULL,
            payload     text NOT NULL,
            PRIMARY KEY (sweep, sequence),
            UNIQUE (sweep, key));

        CREATE TABLE sweep.queue (                  -- jobs without a result
            sweep       integer NOT NULL,
            sequence    bigint NOT NULL,
            coordinates boolean NOT NULL,
            epoch       bigint NOT NULL DEFAULT 0,
            silo        text,
            leased_until timestamptz,
            PRIMARY KEY (sweep, sequence),
            FOREIGN KEY (sweep, sequence) REFERENCES sweep.jobs) WITH (fillfactor = 70);

        CREATE TABLE sweep.results (
            sweep       integer NOT NULL,
            sequence    bigint NOT NULL,            -- in the order of recording, from 1, without gaps
            job         bigint NOT NULL,
            epoch       bigint NOT NULL,            -- the last one given out for the job
            silo        text NOT NULL,
            payload     text,
            failure     text,
            recorded    timestamptz NOT NULL DEFAULT clock_timestamp(),
            PRIMARY KEY (sweep, sequence),
            UNIQUE (sweep, job),
            FOREIGN KEY (sweep, job) REFERENCES sweep.jobs);

        CREATE TABLE sweep.blobs (
            hash        bytea PRIMARY KEY,          -- SHA-256 of the content
            size        bigint NOT NULL,
            added       timestamptz NOT NULL DEFAULT clock_timestamp());

        CREATE TABLE sweep.blob_chunks (
            hash        bytea NOT NULL REFERENCES sweep.blobs ON DELETE CASCADE,
            index       integer NOT NULL,
            content     bytea NOT NULL,
            PRIMARY KEY (hash, index));
        ALTER TABLE sweep.blob_chunks ALTER COLUMN content SET STORAGE EXTERNAL;
        """,
        """
        ALTER TABLE sweep.blobs RENAME COLUMN added TO stored; -- again, perhaps: what is stored is young for whoever collects
        """,
    ];

    /// <summary>Brings the tables to this program's version.</summary>
    /// <exception cref="BadInputException">They are of a newer one.</exception>
    internal static async Task MigrateAsync(NpgsqlConnection connection, string place, CancellationToken cancellationToken)
    {
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        await MigrateAsync(connection, "sweep", s_steps, place, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Does the steps of a schema that were not done yet, inside the connection's transaction.</summary>
    /// <exception cref="BadInputException">The schema is of a newer version.</exception>
    internal static async Task MigrateAsync(NpgsqlConnection connection, string schema, string[] steps, string place, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync("SELECT pg_advisory_xact_lock($1)", [LockNumber], cancellationToken);
        await connection.ExecuteAsync($"CREATE SCHEMA IF NOT EXISTS {schema}", [], cancellationToken);
        await connection.ExecuteAsync(
            $"CREATE TABLE IF NOT EXISTS {schema}.schema_version (version integer PRIMARY KEY, program text NOT NULL, applied timestamptz NOT NULL DEFAULT clock_timestamp())",
            [], cancellationToken);
        (int version, string? program) = (await connection.QueryAsync(
            $"SELECT version, program FROM {schema}.schema_version ORDER BY version DESC LIMIT 1", [], row => (row.GetInt32(0), row.GetString(1)), cancellationToken))
            .FirstOrDefault();
        if (version > steps.Length)
        {
            throw new BadInputException(
                $"--store {place}: found tables of version {version}, made by SweepCluster {program}, expected at most version {steps.Length}; use that program or a newer one.");
        }

        for (; version < steps.Length; version++)
        {
            await connection.ExecuteAsync(steps[version], [], cancellationToken);
            await connection.ExecuteAsync(
                $"INSERT INTO {schema}.schema_version (version, program) VALUES ($1, $2)", [version + 1, Sessions.SweepModel.Version], cancellationToken);
        }
    }
}
