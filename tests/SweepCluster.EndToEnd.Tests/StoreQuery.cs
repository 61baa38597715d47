using Npgsql;

namespace SweepCluster.EndToEnd.Tests;

/// <summary>Looks into a store's tables, as an operator would.</summary>
internal static class StoreQuery
{
    /// <summary>The first column of what a statement gives.</summary>
    internal static async Task<List<T>> ReadAsync<T>(string store, string sql)
    {
        await using NpgsqlConnection connection = new(store);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        List<T> rows = [];
        while (await reader.ReadAsync())
        {
            rows.Add(reader.GetFieldValue<T>(0));
        }

        return rows;
    }

    /// <summary>Looks again and again until a count is at least so much.</summary>
    internal static async Task UntilAsync(string store, string sql, long least)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromMinutes(5));
        while ((await ReadAsync<long>(store, sql))[0] < least)
        {
            await Task.Delay(20, limit.Token); // looks again: what is waited for is the count, not time
        }
    }
}
