using System.CommandLine;
using Microsoft.Extensions.Logging;
using SweepCluster.Cli.Hosting;
using SweepCluster.Engine.Clusters;
using SweepCluster.Graphs;
using SweepCluster.Server;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Cli.Commands;

/// <summary><c>sweep serve</c>: the HTTP API and the live pages. On a folder it does the work, too; beside a cluster it does none.</summary>
internal sealed class ServeCommand : SweepCommand
{
    private readonly Option<string?> _store = new("--store")
    {
        Description = "A folder, which this process alone serves and works on, made where it is absent; or the PostgreSQL database of a cluster, as "
            + $"\"Host=db;Username=sweep;Password=..;Database=sweep\". Default: the environment variable {DeskArguments.Variable}.",
    };

    private readonly Option<string?> _listen = new("--listen") { Description = "Where it answers. Default: http://127.0.0.1:8080, for this machine alone." };
    private readonly Option<int?> _slots = new Option<int?>("--slots") { Description = "On a folder: jobs that run at the same time; 0: it serves only. Default: the number of processors." }.AtLeast(0).AtMost(CommonOptions.MostSlots);
    private readonly Option<string?> _memory = new("--memory") { Description = "On a folder: memory that sweeps may take, as 8GiB; those that need more wait. Default: all that this process may use." };
    private readonly Option<bool> _allowCommands = new("--allow-commands") { Description = "Takes sweeps that run evaluators of their own: on this machine where it works on a folder, else on silos that allow it, too. Who may hand sweeps in may then run anything there." };
    private readonly AccessArguments _access = new();
    private readonly TelemetryArguments _telemetry = new();
    private readonly ISiloHosting _hosting;

    internal ServeCommand(ISiloHosting hosting)
        : base("serve", "Answers over HTTP: the API, live pages, metrics; until Ctrl-C or SIGTERM. On a folder it works on the sweeps, too.")
    {
        _hosting = hosting;
        foreach (Option option in new Option[] { _store, _listen, _slots, _memory, _allowCommands })
        {
            Options.Add(option);
        }

        _access.AddTo(this, trusts: true);
        _telemetry.AddTo(this, listens: false, metrics: true);
    }

    private protected override async Task<int> RunAsync(ParseResult input, CancellationToken cancellationToken)
    {
        string store = DeskArguments.StoreOf(input.GetValue(_store)) ?? throw new BadInputException(
            $"--store: found none, expected a folder for sweeps, or the connection string of a PostgreSQL database, here or in the environment variable {DeskArguments.Variable}.");
        SiloOptions? work = ReadWork(input, store);
        TextWriter error = TextWriter.Synchronized(input.InvocationConfiguration.Error);
        using ILoggerFactory logs = _telemetry.Logs(input, error, TimeProvider.System);
        Action<string> notice = TelemetryArguments.Notices(logs, error);
        ServerOptions options = new()
        {
            Access = _access.Read(input),
            Metrics = _telemetry.Metrics(input),
            AllowCommands = input.GetValue(_allowCommands),
            Telemetry = _telemetry.Options(input, "sweep-serve", null),
            Logs = logs,
        };
        options = input.GetValue(_listen) is { } listen ? options with { Listen = ReadListen(listen) } : options;
        ServerProgram.Check(options);
        try
        {
            await _hosting.ServeAsync(options, store, work is null ? null : work with { Logs = logs }, notice, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            notice("server: stopped");
        }

        return ExitCodes.Success;
    }

    private SiloOptions? ReadWork(ParseResult input, string store)
    {
        (int? slots, string? memory, bool allowCommands) = (input.GetValue(_slots), input.GetValue(_memory), input.GetValue(_allowCommands));
        if (!ServerProgram.IsFolder(store))
        {
            return slots is null or 0 && memory is null ? null : throw new BadInputException(
                "sweep serve: found --slots or --memory beside a database, expected a folder: on a database 'sweep silo' does the work.");
        }

        SiloOptions options = new() { Store = store, AllowCommands = allowCommands };
        long bytes = memory is null ? options.MemoryBytes : ByteSize.Parse("--memory", memory); // checked where it has nothing to bound, too
        return slots == 0 ? null : options with { Slots = slots ?? options.Slots, MemoryBytes = bytes };
    }

    private static Uri ReadListen(string text) => HttpAddress.Of(text) is { PathAndQuery: "/" } listen
        ? listen
        : throw new BadInputException($"--listen: found '{text}', expected an address as http://127.0.0.1:8080.");
}
