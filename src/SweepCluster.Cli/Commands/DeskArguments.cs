using System.CommandLine;
using SweepCluster.Cli.Terminal;
using SweepCluster.Engine.Clusters;
using SweepCluster.Graphs;

namespace SweepCluster.Cli.Commands;

/// <summary>Where the sweeps of a cluster are: the option <c>--store</c>, else the environment variable <c>SWEEP_STORE</c>.</summary>
internal sealed class DeskArguments
{
    internal const string Variable = "SWEEP_STORE";

    private readonly Option<string?> _store;

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

    internal void AddTo(Command command) => command.Options.Add(_store);

    /// <summary>Connects.</summary>
    /// <exception cref="BadInputException">No store is named, or it cannot be used.</exception>
    internal async Task<ISweepDesk> OpenAsync(ParseResult input, CancellationToken cancellationToken) =>
        await StoreDesk.OpenAsync(StoreOf(input.GetValue(_store)) ?? throw Missing(), TimeProvider.System, cancellationToken);

    /// <summary>Connects where the option names a store; null where it does not.</summary>
    /// <exception cref="BadInputException">The store cannot be used.</exception>
    internal async Task<ISweepDesk?> TryOpenAsync(ParseResult input, CancellationToken cancellationToken) =>
        input.GetValue(_store) is { } store ? await StoreDesk.OpenAsync(store, TimeProvider.System, cancellationToken) : null;

    /// <summary>Another command line on the same store, to be shown: the password is left out.</summary>
    internal string Line(ParseResult input, params string[] words) => string.Join(
        ' ', (string[])["sweep", .. words.Select(ShellWord.Quote), .. input.GetValue(_store) is { } store ? (string[])["--store", ShellWord.Quote(ClusterArguments.Show(store))] : []]);
}
