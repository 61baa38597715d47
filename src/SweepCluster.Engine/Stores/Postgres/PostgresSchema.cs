using Npgsql;
using SweepCluster.Graphs;

namespace SweepCluster.Engine.Stores.Postgres;

/// <summary>The tables, in a schema of their own, and how they come to be: step by step, each in a transaction with its number, one process at a time.</summary>
internal static class PostgresSchema
{
    private const long LockNumber = 0x5377656570_01; // "Sweep", 1: an advisory lock is a number that programs agree on
    private const int FirstWithAnId = 2;

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
        CREATE TABLE sweep.store (                  -- one row: which store this is, wherever it is moved
            id          uuid PRIMARY KEY DEFAULT gen_random_uuid());
        INSERT INTO sweep.store DEFAULT VALUES;

        ALTER TABLE sweep.sweeps
            ADD COLUMN phase        text NOT NULL DEFAULT 'Running',
            ADD COLUMN priority     integer NOT NULL DEFAULT 0,
            ADD COLUMN max_attempts integer NOT NULL DEFAULT 5,
            ADD COLUMN time_limit   interval,
            ADD COLUMN reason       text,
            ADD COLUMN shared_bytes bigint NOT NULL DEFAULT 0,
            ADD COLUMN slot_bytes   bigint NOT NULL DEFAULT 0,
            ADD COLUMN runs_command boolean NOT NULL DEFAULT false;

        -- Rows come here from the table before, in one statement, by one who holds the sweep: checking each against it again would cost more than all the rest.
        ALTER TABLE sweep.jobs DROP CONSTRAINT jobs_sweep_fkey;
        ALTER TABLE sweep.queue DROP CONSTRAINT queue_sweep_sequence_fkey;
        ALTER TABLE sweep.results DROP CONSTRAINT results_sweep_job_fkey;

        -- Most jobs are their own subject: those are found by the index that keeps keys unique.
        ALTER TABLE sweep.jobs ADD COLUMN subject text; -- null: the key
        ALTER TABLE sweep.jobs DROP CONSTRAINT jobs_sweep_key_key, ADD UNIQUE (key, sweep);
        CREATE INDEX ON sweep.jobs (subject) WHERE subject IS NOT NULL;

        CREATE TABLE sweep.leases (                 -- jobs that a silo holds, or held until its lease ran out; the others are in the queue
            sweep       integer NOT NULL,
            sequence    bigint NOT NULL,
            coordinates boolean NOT NULL,
            epoch       bigint NOT NULL,
            silo        text NOT NULL,
            claimed     timestamptz NOT NULL,
            leased_until timestamptz NOT NULL,
            attempts    integer NOT NULL,           -- that ended without a result
            last_error  text,
            copy_epoch  bigint,                     -- stays when the copy has ended: the next epoch is greater
            copy_silo   text,
            copy_claimed timestamptz,
            copy_until  timestamptz,
            PRIMARY KEY (sweep, sequence)) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
        CREATE INDEX ON sweep.leases (leased_until);
        INSERT INTO sweep.leases (sweep, sequence, coordinates, epoch, silo, claimed, leased_until, attempts)
            SELECT sweep, sequence, coordinates, epoch, silo, clock_timestamp(), leased_until, 0 FROM sweep.queue WHERE silo IS NOT NULL;
        DELETE FROM sweep.queue WHERE silo IS NOT NULL;
        ALTER TABLE sweep.queue
            DROP COLUMN silo,
            DROP COLUMN leased_until,
            ADD COLUMN attempts     integer NOT NULL DEFAULT 0,
            ADD COLUMN last_error   text,
            ADD COLUMN not_before   timestamptz;
        ALTER TABLE sweep.queue SET (fillfactor = 100, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

        ALTER TABLE sweep.results ADD COLUMN took interval; -- from claim to record; null where the claim no longer held
        CREATE INDEX results_failures ON sweep.results (sweep) WHERE failure IS NOT NULL;

        CREATE TABLE sweep.silos (
            name        text PRIMARY KEY,
            version     text NOT NULL,
            slots       integer NOT NULL,
            memory_bytes bigint NOT NULL,
            allows_commands boolean NOT NULL,
            joined      timestamptz NOT NULL DEFAULT clock_timestamp(),
            seen        timestamptz NOT NULL DEFAULT clock_timestamp(),
            promised_until timestamptz NOT NULL);   -- it is lost when it was not seen again by then

        CREATE TABLE sweep.events (
            number      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            at          timestamptz NOT NULL DEFAULT clock_timestamp(),
            kind        text NOT NULL,
            sweep       text,                       -- its id, for it may be removed
            text        text NOT NULL);
        CREATE INDEX ON sweep.events (sweep, number);

        ALTER TABLE sweep.blobs RENAME COLUMN added TO stored; -- again, perhaps: what is stored is young for whoever collects
        """,
    ];

    /// <summary>The version of this program's tables.</summary>
    internal static int Newest => s_steps.Length;

    /// <summary>Brings the tables to a version.</summary>
    /// <param name="connection">A connection outside of a transaction.</param>
    /// <param name="place">The database, for messages.</param>
    /// <param name="wanted">The version, <see cref="Newest"/> or an older one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Which store it is.</returns>
    /// <exception cref="BadInputException">They are of a newer version than <paramref name="wanted"/>.</exception>
    internal static async Task<Guid> MigrateAsync(NpgsqlConnection connection, string place, int wanted, CancellationToken cancellationToken)
    {
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        int version = await MigrateAsync(connection, "sweep", s_steps[..wanted], place, cancellationToken);
        Guid store = version < FirstWithAnId ? Guid.Empty : (await connection.QueryAsync("SELECT id FROM sweep.store", [], row => row.GetGuid(0), cancellationToken)).Single();
        await transaction.CommitAsync(cancellationToken);
        return store;
    }

    /// <summary>Does the steps of a schema that were not done yet, inside the connection's transaction.</summary>
    /// <returns>The schema's version now.</returns>
    /// <exception cref="BadInputException">The schema is of a newer version, or another program's.</exception>
    internal static async Task<int> MigrateAsync(NpgsqlConnection connection, string schema, string[] steps, string place, CancellationToken cancellationToken)
    {
        try
        {
            return await StepAsync(connection, schema, steps, place, cancellationToken);
        }
        catch (PostgresException foreign) when (foreign.SqlState is PostgresErrorCodes.DuplicateTable or PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.UndefinedTable)
        {
            throw new BadInputException($"--store {place}: found a schema '{schema}' that this program did not make ({foreign.MessageText}), expected none of that name.", foreign);
        }
    }

    private static async Task<int> StepAsync(NpgsqlConnection connection, string schema, string[] steps, string place, CancellationToken cancellationToken)
    {
        await connection.ExecuteLongAsync("SELECT pg_advisory_xact_lock($1)", [LockNumber], cancellationToken);
        if (!(await connection.QueryAsync("SELECT to_regclass($1) IS NOT NULL", [$"{schema}.schema_version"], row => row.GetBoolean(0), cancellationToken)).Single())
        {
            // Only whoever makes the tables need be allowed to: IF NOT EXISTS alone would ask for that right every time.
            await connection.ExecuteAsync($"CREATE SCHEMA IF NOT EXISTS {schema}", [], cancellationToken);
            await connection.ExecuteAsync(
                $"CREATE TABLE {schema}.schema_version (version integer PRIMARY KEY, program text NOT NULL, applied timestamptz NOT NULL DEFAULT clock_timestamp())",
                [], cancellationToken);
        }

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
            await connection.ExecuteLongAsync(steps[version], [], cancellationToken);
            await connection.ExecuteAsync(
                $"INSERT INTO {schema}.schema_version (version, program) VALUES ($1, $2)", [version + 1, Sessions.SweepModel.Version], cancellationToken);
        }

        return version;
    }
}
