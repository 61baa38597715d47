using System.CommandLine;
using SweepCluster.Engine.Clusters;
using SweepCluster.Server;

namespace SweepCluster.Cli.Hosting;

/// <summary>How <c>sweep silo</c> runs its silo, and what <c>sweep serve</c> stands beside.</summary>
internal interface ISiloHosting
{
    /// <summary>Adds options to <c>sweep silo</c>.</summary>
    void AddTo(Command silo);

    /// <summary>Runs a silo until it is stopped.</summary>
    /// <param name="input">The command line.</param>
    /// <param name="options">What it says for every silo.</param>
    /// <param name="notice">Told in one line what an operator should know, from any thread.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task RunAsync(ParseResult input, SiloOptions options, Action<string> notice, CancellationToken cancellationToken);

    /// <summary>Runs a server until it is stopped.</summary>
    /// <param name="options">Where it listens, and how.</param>
    /// <param name="store">A folder, or a database's connection string.</param>
    /// <param name="work">How the process works on the sweeps of a folder; null: it does not.</param>
    /// <param name="notice">Told in one line what an operator should know, from any thread.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task ServeAsync(ServerOptions options, string store, SiloOptions? work, Action<string> notice, CancellationToken cancellationToken);
}
