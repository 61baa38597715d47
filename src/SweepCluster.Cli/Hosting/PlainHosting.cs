using System.CommandLine;
using SweepCluster.Engine.Clusters;

namespace SweepCluster.Cli.Hosting;

/// <summary>Silos that have nothing in common but the store.</summary>
internal sealed class PlainHosting : ISiloHosting
{
    /// <inheritdoc/>
    public IEnumerable<Command> Commands => [];

    /// <inheritdoc/>
    public void AddTo(Command silo)
    {
        // Nothing beyond what every silo has.
    }

    /// <inheritdoc/>
    public Task RunAsync(ParseResult input, SiloOptions options, Action<string> notice, CancellationToken cancellationToken) =>
        Silo.RunAsync(options, notice, cancellationToken);
}
