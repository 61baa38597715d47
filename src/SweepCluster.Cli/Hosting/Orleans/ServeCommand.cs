using System.CommandLine;
using SweepCluster.Cli.Commands;
using SweepCluster.Graphs;
using SweepCluster.Orleans.Clients;

namespace SweepCluster.Cli.Hosting.Orleans;

/// <summary><c>sweep serve</c>: a gateway to the cluster over a store; it does no work.</summary>
internal sealed class ServeCommand : SweepCommand
{
    private readonly Option<string?> _store = new("--store")
    {
        Description = $"The PostgreSQL database that the silos share, as \"Host=db;Username=sweep;Password=..;Database=sweep\". Default: the environment variable {DeskArguments.Variable}.",
    };

    private readonly Option<string?> _listen = new("--listen") { Description = "Where it answers /healthz and /readyz. Default: http://127.0.0.1:8080." };

    internal ServeCommand()
        : base("serve", "A gateway to the cluster over a store, until Ctrl-C or SIGTERM; it does no work itself.")
    {
        Options.Add(_store);
        Options.Add(_listen);
    }

    private protected override async Task<int> RunAsync(ParseResult input, CancellationToken cancellationToken)
    {
        TextWriter error = TextWriter.Synchronized(input.InvocationConfiguration.Error);
        GatewayOptions options = new() { Store = DeskArguments.StoreOf(input.GetValue(_store)) ?? throw DeskArguments.Missing() };
        try
        {
            await Gateway.RunAsync(input.GetValue(_listen) is { } listen ? options with { Listen = ReadListen(listen) } : options, error.WriteLine, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("gateway: stopped");
        }

        return ExitCodes.Success;
    }

    private static Uri ReadListen(string text) => Uri.TryCreate(text, UriKind.Absolute, out Uri? listen) && listen.Scheme == Uri.UriSchemeHttp && listen.AbsolutePath == "/"
        ? listen
        : throw new BadInputException($"--listen: found '{text}', expected an address as http://127.0.0.1:8080.");
}
