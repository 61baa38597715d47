using System.CommandLine;
using Microsoft.Extensions.Logging;
using SweepCluster.Cli.Hosting;
using SweepCluster.Engine.Clusters;
using SweepCluster.Server;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Cli.Commands;

/// <summary><c>sweep silo</c>: works on every sweep of a store until it is stopped.</summary>
internal sealed class SiloCommand : SweepCommand
{
    private readonly ClusterArguments _cluster = new("The PostgreSQL database that the silos share, as \"Host=db;Username=sweep;Password=..;Database=sweep\".", isRequired: true);
    private readonly Option<int> _slots = CommonOptions.Slots();
    private readonly Option<string?> _memory = new("--memory") { Description = "Memory that sweeps may take here, as 8GiB; those that need more are left to other silos. Default: all that this process may use." };
    private readonly Option<bool> _allowCommands = new("--allow-commands") { Description = "Lets sweeps run evaluators of their own on this machine." };

    private readonly TelemetryArguments _telemetry = new();
    private readonly AccessArguments _access = new();
    private readonly ISiloHosting _hosting;

    internal SiloCommand(ISiloHosting hosting)
        : base("silo", "Works on every sweep of a store until Ctrl-C or SIGTERM; start as many as you have machines.")
    {
        _hosting = hosting;
        _cluster.AddTo(this);
        Options.Add(_slots);
        Options.Add(_memory);
        Options.Add(_allowCommands);
        _telemetry.AddTo(this, metrics: true);
        _access.AddTo(this);
        hosting.AddTo(this);
    }

    private protected override async Task<int> RunAsync(ParseResult input, CancellationToken cancellationToken)
    {
        SiloOptions options = _cluster.Read(input, input.GetValue(_slots), input.GetValue(_allowCommands))!;
        if (input.GetValue(_memory) is { } memory)
        {
            options = options with { MemoryBytes = ByteSize.Parse("--memory", memory) };
        }

        if (!_telemetry.Listens(input))
        {
            _access.RefuseIn(input);
        }

        TextWriter error = TextWriter.Synchronized(input.InvocationConfiguration.Error);
        using ILoggerFactory logs = _telemetry.Logs(input, error, options.Time);
        Action<string> notice = TelemetryArguments.Notices(logs, error);
        ServerOptions listen = new() { Telemetry = _telemetry.Options(input, "sweep-silo", options.Name), Metrics = _telemetry.Metrics(input), Access = _access.Read(input), Logs = logs, Time = options.Time };
        try
        {
            await using IAsyncDisposable? telling = await _telemetry.StartAsync(input, listen, options.Store, notice, cancellationToken);
            options = telling is SiloListener listener ? listener.Watch(options) : options;
            await _hosting.RunAsync(input, options with { Logs = logs }, notice, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            notice("silo: stopped; what was running is given back to the others");
        }

        return ExitCodes.Success;
    }
}
