using System.CommandLine;
using SweepCluster.Engine.Clusters;

namespace SweepCluster.Cli.Hosting;

/// <summary>How <c>sweep silo</c> runs its silo, and what commands that brings.</summary>
internal interface ISiloHosting
{
    /// <summary>Commands beside those that every build has.</summary>
    IEnumerable<Command> Commands { get; }

    /// <summary>Adds options to <c>sweep silo</c>.</summary>
    void AddTo(Command silo);

    /// <summary>Runs a silo until it is stopped.</summary>
    /// <param name="input">The command line.</param>
    /// <param name="options">What it says for every silo.</param>
    /// <param name="notice">Told in one line what an operator should know, from any thread.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task RunAsync(ParseResult input, SiloOptions options, Action<string> notice, CancellationToken cancellationToken);
}
