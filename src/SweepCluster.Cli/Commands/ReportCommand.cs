using System.CommandLine;
using SweepCluster.Cli.Terminal;
using SweepCluster.Engine.Runs;
using SweepCluster.Reports;

namespace SweepCluster.Cli.Commands;

/// <summary><c>sweep report DIR</c>: shows a finished sweep, and writes its report files anew.</summary>
internal sealed class ReportCommand : SweepCommand
{
    private readonly Argument<string> _folder = new("DIR") { Description = "A result folder." };
    private readonly Option<string> _format = CommonOptions.Format();

    internal ReportCommand()
        : base("report", "Shows a finished sweep and writes its report files anew from what was recorded.")
    {
        Arguments.Add(_folder);
        Options.Add(_format);
    }

    private protected override async Task<int> RunAsync(ParseResult input, CancellationToken cancellationToken)
    {
        string path = input.GetRequiredValue(_folder);
        ResultFolder folder = await ResultFolder.OpenAsync(path, cancellationToken);
        await ReportWriter.WriteAsync(folder.Summary, path, cancellationToken);
        await SummaryText.ShowAsync(input.InvocationConfiguration.Output, folder.Summary, path, input.IsJson(_format));
        return ExitCodes.Success;
    }
}
