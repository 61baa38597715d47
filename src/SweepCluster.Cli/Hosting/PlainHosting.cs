using System.CommandLine;
using SweepCluster.Engine.Clusters;
using SweepCluster.Server;

namespace SweepCluster.Cli.Hosting;

/// <summary>Silos that have nothing in common but the store.</summary>
internal sealed class PlainHosting : ISiloHosting
{
    /// <inheritdoc/>
    public void AddTo(Command silo)
    {
        // Nothing beyond what every silo has.
    }

    /// <inheritdoc/>
    public Task RunAsync(ParseResult input, SiloOptions options, Action<string> notice, CancellationToken cancellationToken) =>
        Silo.RunAsync(options, notice, cancellationToken);

    /// <inheritdoc/>
    public Task ServeAsync(ServerOptions options, string store, SiloOptions? work, Action<string> notice, CancellationToken cancellationToken) =>
        ServerProgram.RunAsync(options, store, work, [], notice, cancellationToken);
}
