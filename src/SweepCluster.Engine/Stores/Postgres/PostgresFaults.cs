using System.Net.Sockets;
using Npgsql;
using SweepCluster.Graphs;

namespace SweepCluster.Engine.Stores.Postgres;

/// <summary>What an error of PostgreSQL means here: worth another try, a wrong address, or a defect.</summary>
internal static class PostgresFaults
{
    private const string IdleInTransaction = "25P03"; // idle_in_transaction_session_timeout, which Npgsql has no name for

    /// <summary>Whether the same call may succeed later: the connection was lost, the server restarts, is full, or chose this transaction to end a deadlock.</summary>
    internal static bool IsTransient(Exception error) => error switch
    {
        PostgresException known => known.IsTransient || IsPassing(known.SqlState),
        NpgsqlException lost => lost.IsTransient || lost.InnerException is IOException or SocketException or TimeoutException,
        SocketException or TimeoutException or IOException => true,
        _ => false,
    };

    /// <summary>The error as this program reports it, on one line; null where it is none that a user or an operator can do something about.</summary>
    /// <param name="error">The error.</param>
    /// <param name="place">What messages call the store.</param>
    /// <param name="isOpening">Whether it is the first connection: what the two sides cannot agree on then, as a password or encryption, is the address's fault.</param>
    internal static SweepException? Describe(Exception error, string place, bool isOpening = false)
    {
        string message = OneLine.Of((error as PostgresException)?.MessageText ?? (error as NpgsqlException)?.InnerException?.Message ?? error.Message).TrimEnd('.');
        return error switch
        {
            PostgresException known when IsRefusal(known.SqlState) => new BadInputException($"--store {place}: found '{message}', expected a database that this user may use.", error),
            PostgresException { SqlState: PostgresErrorCodes.DiskFull or PostgresErrorCodes.OutOfMemory } => new StoreUnavailableException(
                $"the store {place} has no room: {message}; everything recorded before is kept.", error),
            NpgsqlException and not PostgresException when isOpening && !IsTransient(error) => new BadInputException(
                $"--store {place}: found '{message}', expected a connection string with what the server asks for.", error),
            _ when IsTransient(error) => new StoreUnavailableException($"the store {place} cannot be reached: {message}.", error),
            NpgsqlException => new StoreUnavailableException($"the store {place} fails: {message}.", error), // its tables were changed or dropped
            _ => null,
        };
    }

    private static bool IsPassing(string state) => state.StartsWith("08", StringComparison.Ordinal) || state.StartsWith("53", StringComparison.Ordinal) || state
        is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
        or IdleInTransaction or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected;

    private static bool IsRefusal(string state) => state
        is PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification or PostgresErrorCodes.InvalidCatalogName
        or PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.ReadOnlySqlTransaction;
}
