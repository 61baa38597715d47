using Npgsql;

namespace SweepCluster.Engine.Stores.Postgres;

/// <summary>Statements with numbered parameters, on a connection that is in a transaction.</summary>
internal static class PostgresCommands
{
    /// <summary>Runs a statement and reads its rows.</summary>
    internal static async Task<List<T>> QueryAsync<T>(
        this NpgsqlConnection connection, string sql, object?[] parameters, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = Command(connection, sql, parameters);
        return await ReadAsync(command, read, cancellationToken);
    }

    /// <summary>Runs a statement that may take as long as it takes, and reads its rows.</summary>
    internal static async Task<List<T>> QueryLongAsync<T>(
        this NpgsqlConnection connection, string sql, object?[] parameters, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = Command(connection, sql, parameters);
        command.CommandTimeout = 0;
        return await ReadAsync(command, read, cancellationToken);
    }

    /// <summary>Runs a statement.</summary>
    /// <returns>How many rows it touched.</returns>
    internal static async Task<int> ExecuteAsync(this NpgsqlConnection connection, string sql, object?[] parameters, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = Command(connection, sql, parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Runs a statement that may take as long as it takes: it waits for another process, or goes through a whole table.</summary>
    internal static async Task<int> ExecuteLongAsync(this NpgsqlConnection connection, string sql, object?[] parameters, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = Command(connection, sql, parameters);
        command.CommandTimeout = 0;
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>A text column that may be null.</summary>
    internal static string? TextOrNull(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static async Task<List<T>> ReadAsync<T>(NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        List<T> rows = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, object?[] parameters)
    {
        NpgsqlCommand command = new(sql, connection);
        foreach (object? value in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        }

        return command;
    }
}
