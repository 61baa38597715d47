using System.CommandLine;
using SweepCluster.Engine.Clusters;

namespace SweepCluster.Cli.Commands;

/// <summary><c>sweep fetch SWEEP --out DIR</c>: brings a finished sweep home.</summary>
internal sealed class FetchCommand : DeskCommand
{
    private readonly Argument<string> _sweep = SweepName();
    private readonly Option<string> _out = new("--out", "-o") { Description = "Result folder: empty, absent, or of this sweep.", Required = true };
    private readonly Option<bool> _withData = new("--with-data") { Description = "Brings the data, too, which 'sweep evaluate --sweep' needs; report, trials, export and diff do without." };
    private readonly Option<string> _format = CommonOptions.Format();

    internal FetchCommand()
        : base("fetch", "Brings a finished sweep of a cluster home, its model with it: report, trials, export and diff then need nothing else.")
    {
        Arguments.Add(_sweep);
        Options.Add(_out);
        Options.Add(_withData);
        Options.Add(_format);
    }

    private protected override async Task<int> RunAsync(ISweepDesk desk, ParseResult input, CancellationToken cancellationToken) => await Homecoming.RunAsync(
        desk, await desk.FindAsync(input.GetRequiredValue(_sweep), cancellationToken), input.GetRequiredValue(_out), input.GetValue(_withData), input.IsJson(_format), input, cancellationToken);
}
