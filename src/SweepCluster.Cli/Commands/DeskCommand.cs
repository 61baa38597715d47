using System.CommandLine;
using SweepCluster.Engine.Clusters;

namespace SweepCluster.Cli.Commands;

/// <summary>Base of the commands that look after the sweeps of a cluster.</summary>
internal abstract class DeskCommand : SweepCommand
{
    private protected DeskCommand(string name, string description)
        : base(name, description)
    {
        Desk.AddTo(this);
    }

    /// <summary>Where the sweeps are.</summary>
    private protected DeskArguments Desk { get; } = new();

    /// <summary>The argument that names a sweep.</summary>
    private protected static Argument<string> SweepName() => new("SWEEP") { Description = "The sweep's id, its first digits, or its name." };

    private protected override async Task<int> RunAsync(ParseResult input, CancellationToken cancellationToken)
    {
        Check(input);
        await using ISweepDesk desk = await Desk.OpenAsync(input, cancellationToken);
        return await RunAsync(desk, input, cancellationToken);
    }

    /// <summary>Looks at the options before anybody connects.</summary>
    private protected virtual void Check(ParseResult input)
    {
    }

    /// <summary>Does the command's work and gives the exit code.</summary>
    private protected abstract Task<int> RunAsync(ISweepDesk desk, ParseResult input, CancellationToken cancellationToken);
}
