using System.CommandLine;
using SweepCluster.Cli.Terminal;
using SweepCluster.Engine.Clusters;
using SweepCluster.Graphs;
using SweepCluster.Server.Clients;

namespace SweepCluster.Cli.Commands;

/// <summary>
/// Where the sweeps of a cluster are: <c>--server</c> or <c>--store</c>, else the environment variable <c>SWEEP_SERVER</c>, else <c>SWEEP_STORE</c>.
/// </summary>
internal sealed class DeskArguments
{
    internal const string Variable = "SWEEP_STORE";

    private readonly Option<string?> _store;
    private readonly ServerArguments _server = new();

    /// <summary>Options of a command that needs a cluster.</summary>
    internal DeskArguments()
        : this($"The PostgreSQL database of the cluster, as \"Host=db;Username=sweep;Password=..;Database=sweep\". Default: the environment variable {Variable}.")
    {
    }

    /// <summary>Options of a command that does without a cluster, too.</summary>
    internal DeskArguments(string description)
    {
        _store = new Option<string?>("--store") { Description = description };
    }

    /// <summary>A connection string, from an option or else from the environment; null where neither has one.</summary>
    internal static string? StoreOf(string? option) => option ?? (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } set ? set : null);

    /// <summary>What a command without a store says.</summary>
    internal static BadInputException Missing() => new($"--store: found none, expected the connection string of a PostgreSQL database, here or in the environment variable {Variable}.");

    /// <summary>What a desk is, in words.</summary>
    internal static string Name(ISweepDesk desk) => desk is ServerDesk ? $"the server {desk.Place}" : $"the store {desk.Place}";

    /// <summary>Where sweeps of a desk are, in words.</summary>
    internal static string Where(ISweepDesk desk) => $"{(desk is ServerDesk ? "at" : "in")} {Name(desk)}";

    internal void AddTo(Command command)
    {
        command.Options.Add(_store);
        _server.AddTo(command);
    }

    /// <summary>Connects.</summary>
    /// <exception cref="BadInputException">No store and no server is named, or both are, or it cannot be used.</exception>
    internal async Task<ISweepDesk> OpenAsync(ParseResult input, CancellationToken cancellationToken)
    {
        string? store = input.GetValue(_store);
        CheckOne(input, store);
        if ((store is null ? _server.Read(input) : null) is { } server)
        {
            return ServerDesk.Open(server, UploadLine.Create(input.InvocationConfiguration.Error), TimeProvider.System);
        }

        return await StoreDesk.OpenAsync(StoreOf(store) ?? throw NoneNamed(), TimeProvider.System, cancellationToken);
    }

    /// <summary>Connects where an option names a store or a server; null where none does.</summary>
    /// <exception cref="BadInputException">It cannot be used.</exception>
    internal async Task<ISweepDesk?> TryOpenAsync(ParseResult input, CancellationToken cancellationToken) =>
        input.GetValue(_store) is not null || _server.IsNamed(input) ? await OpenAsync(input, cancellationToken) : null;

    /// <summary>Another command line at the same place, to be shown: the password is left out.</summary>
    internal string Line(ParseResult input, params string[] words) => string.Join(
        ' ',
        (string[])["sweep", .. words.Select(ShellWord.Quote), .. input.GetValue(_store) is { } store ? (string[])["--store", ShellWord.Quote(ClusterArguments.Show(store))] : [], .. _server.Words(input)]);

    private static BadInputException NoneNamed() => new(
        $"--store: found neither a store nor a server, expected --server URL or --store with the connection string of a PostgreSQL database, or the environment variable {ServerArguments.Variable} or {Variable}.");

    private void CheckOne(ParseResult input, string? store)
    {
        if (store is not null && _server.Words(input).FirstOrDefault() is { } other)
        {
            throw new BadInputException($"--store: found it beside {other}, expected one place: a store, or a server in front of it.");
        }
    }
}
