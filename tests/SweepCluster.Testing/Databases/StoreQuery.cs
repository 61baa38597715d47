using Npgsql;

namespace SweepCluster.Testing.Databases;

/// <summary>Looks into a store's tables, as an operator would.</summary>
public static class StoreQuery
{
    /// <summary>The first column of what a statement gives.</summary>
    public static Task<List<T>> ReadAsync<T>(string store, string sql) => ReadAsync(store, sql, row => row.GetFieldValue<T>(0));

    /// <summary>The rows that a statement gives.</summary>
    public static async Task<List<T>> ReadAsync<T>(string store, string sql, Func<NpgsqlDataReader, T> read)
    {
        await using NpgsqlConnection connection = new(store);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        List<T> rows = [];
        while (await reader.ReadAsync())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>Looks again and again until a count is at least so much.</summary>
    public static async Task UntilAsync(string store, string sql, long least)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromMinutes(5));
        while ((await ReadAsync<long>(store, sql))[0] < least)
        {
            await Task.Delay(20, limit.Token); // looks again: what is waited for is the count, not time
        }
    }
}
