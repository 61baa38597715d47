using System.CommandLine;
using SweepCluster.Cli.Hosting;
using SweepCluster.Engine.Clusters;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Cli.Commands;

/// <summary><c>sweep silo</c>: works on every sweep of a store until it is stopped.</summary>
internal sealed class SiloCommand : SweepCommand
{
    private readonly ClusterArguments _cluster = new("The PostgreSQL database that the silos share, as \"Host=db;Username=sweep;Password=..;Database=sweep\".", isRequired: true);
    private readonly Option<int> _slots = CommonOptions.Slots();
    private readonly Option<string?> _memory = new("--memory") { Description = "Memory that sweeps may take here, as 8GiB; those that need more are left to other silos. Default: all that this process may use." };
    private readonly Option<bool> _allowCommands = new("--allow-commands") { Description = "Lets sweeps run evaluators of their own on this machine." };

    private readonly ISiloHosting _hosting;

    internal SiloCommand(ISiloHosting hosting)
        : base("silo", "Works on every sweep of a store until Ctrl-C or SIGTERM; start as many as you have machines.")
    {
        _hosting = hosting;
        _cluster.AddTo(this);
        Options.Add(_slots);
        Options.Add(_memory);
        Options.Add(_allowCommands);
        hosting.AddTo(this);
    }

    private protected override async Task<int> RunAsync(ParseResult input, CancellationToken cancellationToken)
    {
        SiloOptions options = _cluster.Read(input, input.GetValue(_slots), input.GetValue(_allowCommands))!;
        if (input.GetValue(_memory) is { } memory)
        {
            options = options with { MemoryBytes = ByteSize.Parse("--memory", memory) };
        }

        TextWriter error = TextWriter.Synchronized(input.InvocationConfiguration.Error);
        try
        {
            await _hosting.RunAsync(input, options, error.WriteLine, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("silo: stopped; what was running is given back to the others");
        }

        return ExitCodes.Success;
    }
}
