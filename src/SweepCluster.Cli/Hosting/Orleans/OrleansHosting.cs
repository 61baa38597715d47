using System.CommandLine;
using System.Globalization;
using System.Net;
using SweepCluster.Engine.Clusters;
using SweepCluster.Graphs;
using SweepCluster.Orleans.Clients;
using SweepCluster.Orleans.Silos;
using SweepCluster.Server;

namespace SweepCluster.Cli.Hosting.Orleans;

/// <summary>Silos that are members of the Orleans cluster over their store.</summary>
internal sealed class OrleansHosting : ISiloHosting
{
    private const int MostPort = 65535;

    private readonly Option<string?> _address = new("--address")
    {
        Description = "Address of this machine for the other silos. Default: the one from which it reaches the store; 127.0.0.1 where the store is on this machine.",
    };

    private readonly Option<int?> _siloPort = Port("--silo-port", "Port for other silos. Default: a free one.");
    private readonly Option<int?> _gatewayPort = Port("--gateway-port", "Port for sweep serve. Default: a free one.");

    /// <inheritdoc/>
    public void AddTo(Command silo)
    {
        silo.Options.Add(_address);
        silo.Options.Add(_siloPort);
        silo.Options.Add(_gatewayPort);
    }

    /// <inheritdoc/>
    public Task RunAsync(ParseResult input, SiloOptions options, Action<string> notice, CancellationToken cancellationToken)
    {
        OrleansOptions orleans = new() { Address = ReadAddress(input.GetValue(_address)), SiloPort = input.GetValue(_siloPort), GatewayPort = input.GetValue(_gatewayPort) };
        return OrleansSilo.RunAsync(options, orleans, notice, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task ServeAsync(ServerOptions options, string store, SiloOptions? work, Action<string> notice, CancellationToken cancellationToken)
    {
        if (ServerProgram.IsFolder(store))
        {
            await ServerProgram.RunAsync(options, store, work, [], notice, cancellationToken); // nobody else is there
            return;
        }

        await using ClusterConnection cluster = await ClusterConnection.OpenAsync(store, options.Time, cancellationToken);
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task serving = ServerProgram.RunAsync(options, store, work, [], notice, ended.Token); // ready by its store alone: without a silo it still shows sweeps, takes them in and exports
        Task connecting = ConnectAsync(cluster, notice, ended.Token);
        try
        {
            // A connection that cannot be made at all ends the server; one that is made leaves it serving.
            await await Task.WhenAny(serving, connecting);
            await serving;
        }
        finally
        {
            await ended.CancelAsync();
            await Task.WhenAll(serving, connecting).ContinueWith(static _ => { }, TaskScheduler.Default);
        }
    }

    private static async Task ConnectAsync(ClusterConnection cluster, Action<string> notice, CancellationToken cancellationToken)
    {
        int silos = await cluster.ConnectAsync(cancellationToken);
        notice($"server: connected to {cluster.Place}, {silos} silos");
    }

    private static Option<int?> Port(string name, string description)
    {
        Option<int?> option = new(name) { Description = description };
        option.Validators.Add(result =>
        {
            string? text = result.Tokens.SingleOrDefault()?.Value;
            if (int.TryParse(text, CultureInfo.InvariantCulture, out int port) && port is < 1 or > MostPort)
            {
                result.AddError($"{name}: found {port}, expected 1 to {MostPort}.");
            }
        });
        return option;
    }

    private static IPAddress? ReadAddress(string? text) => text is null ? null
        : IPAddress.TryParse(text, out IPAddress? address) && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any) ? address
        : throw new BadInputException($"--address: found '{text}', expected the number of an address that other silos can reach, as 10.0.0.7.");
}
