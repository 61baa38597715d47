using System.CommandLine;
using System.Text.RegularExpressions;
using SweepCluster.Engine.Clusters;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Cli.Commands;

/// <summary>The options by which a command takes part in a cluster, shared by <c>run</c> and <c>silo</c>.</summary>
internal sealed partial class ClusterArguments
{
    private readonly Option<string?> _store;
    private readonly bool _isRequired;
    private readonly Option<string?> _cache = new("--cache") { Description = "Folder of fetched blobs; silos of one machine may share it. Default: in your own cache folder." };
    private readonly Option<string?> _cacheSize = new("--cache-size") { Description = "Most bytes that stay in that folder. Default: 8GiB." };

    internal ClusterArguments(string description, bool isRequired)
    {
        _store = new Option<string?>("--store") { Description = isRequired ? $"{description} Default: the environment variable {DeskArguments.Variable}." : description };
        _isRequired = isRequired;
    }

    /// <summary>An argument as it may be shown: a connection string loses its password.</summary>
    internal static string Show(string argument) => Secret().Replace(argument, "$1=...");

    internal void AddTo(Command command)
    {
        command.Options.Add(_store);
        command.Options.Add(_cache);
        command.Options.Add(_cacheSize);
    }

    /// <summary>What the options say; null where no store is named.</summary>
    /// <exception cref="Graphs.BadInputException">The size is none, or no store is named where one must be.</exception>
    internal SiloOptions? Read(ParseResult input, int slots, bool allowCommands)
    {
        if ((_isRequired ? DeskArguments.StoreOf(input.GetValue(_store)) : input.GetValue(_store)) is not { } store)
        {
            return _isRequired ? throw DeskArguments.Missing() : null;
        }

        SiloOptions options = new() { Store = store, Slots = slots, AllowCommands = allowCommands };
        return options with
        {
            Cache = input.GetValue(_cache) ?? options.Cache,
            CacheBytes = input.GetValue(_cacheSize) is { } size ? ByteSize.Parse("--cache-size", size) : options.CacheBytes,
        };
    }

    [GeneratedRegex("(password|pwd)\\s*=\\s*(\"[^\"]*\"|'[^']*'|[^;]*)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Secret();
}
