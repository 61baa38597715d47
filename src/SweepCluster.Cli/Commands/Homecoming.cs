using System.CommandLine;
using SweepCluster.Cli.Terminal;
using SweepCluster.Engine.Clusters;
using SweepCluster.Reports;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Cli.Commands;

/// <summary>Brings a finished sweep home and shows it, as <c>run</c> does at its end.</summary>
internal static class Homecoming
{
    internal static async Task<int> RunAsync(ISweepDesk desk, SweepListing sweep, string folder, bool withData, bool asJson, ParseResult input, CancellationToken cancellationToken)
    {
        SweepSummary summary = await desk.FetchAsync(sweep.Id, folder, withData, cancellationToken);
        await ReportWriter.WriteAsync(summary, folder, cancellationToken);
        await SummaryText.ShowAsync(input.InvocationConfiguration.Output, summary, folder, asJson);
        return ExitCodes.Success;
    }
}
