using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace SweepCluster.Testing.Databases;

/// <summary>A PostgreSQL server of the tests' own: in a temporary folder, on a free port, as an unprivileged user, stopped and removed when the tests end, however they end.</summary>
public sealed class PostgresServer
{
    private const string User = "sweep", Password = "secret of the tests";

    // The server lives as long as this shell's standard input is open; that ends with the process that started it, or with a line that asks to stop.
    private const string Keeper = """
        folder=$1; shift
        "$@" >"$folder/log" 2>&1 &
        server=$!
        if read -r line; then kill -INT "$server"; wait "$server"; else kill -INT "$server"; wait "$server"; rm -rf "$folder"; fi
        """;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private static readonly Lazy<Task<PostgresServer>> s_shared = new(() => StartAsync());

    private readonly string _programs;
    private readonly string _folder;
    private readonly int _port;
    private readonly bool _durable;
    private Process _keeper = null!;
    private int _databases;

    private PostgresServer(string programs, string folder, int port, bool durable)
    {
        _programs = programs;
        _folder = folder;
        _port = port;
        _durable = durable;
    }

    /// <summary>One server for all tests of an assembly.</summary>
    public static Task<PostgresServer> SharedAsync() => s_shared.Value;

    /// <summary>Starts a server.</summary>
    /// <param name="durable">Whether a commit waits for the disk, as it does in use; tests that cut no power do without.</param>
    public static async Task<PostgresServer> StartAsync(bool durable = false)
    {
        string folder = Directory.CreateTempSubdirectory("sweep-postgres-").FullName;
        PostgresServer server = new(FindPrograms(), folder, FreePort(), durable);
        await File.WriteAllTextAsync(Path.Combine(folder, "password"), Password);
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", "-R", "postgres", folder);
        }

        await RunAsync([.. AsUser(), Path.Combine(server._programs, "initdb"), "-D", server.Data, "-U", User, "--auth=scram-sha-256",
            $"--pwfile={Path.Combine(folder, "password")}", "--encoding=UTF8", "--locale=C", "--no-sync"]);
        await server.ResumeAsync();
        return server;
    }

    private string Data => Path.Combine(_folder, "data");

    /// <summary>A connection string for a database, which need not exist.</summary>
    public string AddressOf(string database, string password = Password) => string.Create(
        CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port};Username={User};Password={password};Database={database};Timeout=5");

    /// <summary>Makes an empty database.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _databases)}");
        await using NpgsqlConnection connection = new(AddressOf("postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await using NpgsqlCommand command = new($"CREATE DATABASE {name} TEMPLATE template0", connection);
        await command.ExecuteNonQueryAsync();
        return AddressOf(name);
    }

    /// <summary>Runs a statement in a database.</summary>
    public static async Task ExecuteAsync(string address, string sql)
    {
        await using NpgsqlConnection connection = new(address + ";Pooling=false");
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Stops the server as an operator would; connections are cut.</summary>
    public async Task PauseAsync()
    {
        await _keeper.StandardInput.WriteLineAsync();
        await _keeper.WaitForExitAsync();
    }

    /// <summary>Starts it again, with its data.</summary>
    public async Task ResumeAsync()
    {
        _keeper = Launch([.. AsUser(), "sh", "-c", Keeper, "keeper", _folder, Path.Combine(_programs, "postgres"), "-D", Data,
            "-c", $"port={_port.ToString(CultureInfo.InvariantCulture)}", "-c", "listen_addresses=127.0.0.1", "-c", $"unix_socket_directories={_folder}", "-c", _durable ? "fsync=on" : "fsync=off", "-c", "max_connections=200"]);
        using CancellationTokenSource limit = new(s_patience);
        while (true)
        {
            try
            {
                await ExecuteAsync(AddressOf("postgres"), "SELECT 1");
                return;
            }
            catch (NpgsqlException) when (!_keeper.HasExited)
            {
                await Task.Delay(50, limit.Token); // looks again until the server answers
            }
        }
    }

    private static string FindPrograms() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.EnumerateDirectories("/usr/lib/postgresql").Select(folder => Path.Combine(folder, "bin")).Where(folder => File.Exists(Path.Combine(folder, "initdb")))
            .MaxBy(folder => int.Parse(Path.GetFileName(Path.GetDirectoryName(folder))!, CultureInfo.InvariantCulture))
            ?? throw new InvalidOperationException("No PostgreSQL server in /usr/lib/postgresql; install the package postgresql.")
        : throw new InvalidOperationException("No PostgreSQL server in /usr/lib/postgresql; install the package postgresql.");

    // PostgreSQL refuses to run as root; the package brings a user of its own.
    private static string[] AsUser() => Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"] : [];

    private static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static async Task RunAsync(params string[] command)
    {
        using Process process = Launch(command);
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', command)}: {await error}");
        }
    }

    private static Process Launch(string[] command)
    {
        ProcessStartInfo start = new(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        return Process.Start(start)!;
    }
}
