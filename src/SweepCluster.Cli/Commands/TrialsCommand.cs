using System.Collections.Immutable;
using System.CommandLine;
using SweepCluster.Cli.Terminal;
using SweepCluster.Engine.Runs;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Summaries;
using SweepCluster.Sweeps.Summaries.Queries;

namespace SweepCluster.Cli.Commands;

/// <summary><c>sweep trials DIR --where ... --top 10</c>: looks trials up.</summary>
internal sealed class TrialsCommand : SweepCommand
{
    private readonly Argument<string> _folder = new("DIR") { Description = "A result folder." };
    private readonly Option<string> _where = new("--where")
    {
        Description = "A filter, as \"size<300KB and top1>=86 and kind=mixed\". Fields: id (its first digits are enough), label, kind, family, frontier, size, ratio, drop, and the metrics; and, or, not, parentheses.",
        DefaultValueFactory = _ => string.Empty,
    };

    private readonly Option<int?> _top = new Option<int?>("--top") { Description = "At most so many, the best first." }.AtLeast(1);
    private readonly Option<string> _format = CommonOptions.Format();

    internal TrialsCommand()
        : base("trials", "Lists trials of a finished sweep, the best first.")
    {
        Arguments.Add(_folder);
        Options.Add(_where);
        Options.Add(_top);
        Options.Add(_format);
    }

    private protected override async Task<int> RunAsync(ParseResult input, CancellationToken cancellationToken)
    {
        SweepSummary summary = (await ResultFolder.OpenAsync(input.GetRequiredValue(_folder), cancellationToken)).Summary;
        TrialQuery query = TrialQuery.Parse(input.GetRequiredValue(_where), summary);
        ImmutableArray<TrialSummary> trials = query.Select(summary, input.GetValue(_top));
        TextWriter output = input.InvocationConfiguration.Output;
        if (input.IsJson(_format))
        {
            await Json.WriteEachAsync(output, trials.Select(trial => new
            {
                trial.Id,
                trial.Label,
                Kind = trial.Kind.ToString(),
                trial.SizeBytes,
                trial.CompressionRatio,
                trial.OnFrontier,
                Choice = trial.Choice?.Values,
                Drop = trial.Choice?.Drop,
                ConfirmedDrop = trial.Kind == PlanKind.Baseline ? null : trial.Confirm?.Drop,
                trial.Schemes,
                trial.Failure,
            }));
            return ExitCodes.Success;
        }

        if (trials.IsEmpty)
        {
            await input.InvocationConfiguration.Error.WriteLineAsync($"None of the {summary.Trials.Length} trials matches.");
        }
        else
        {
            await SummaryText.TrialTableAsync(output, TerminalWidth.Of(output), summary, trials);
        }

        return ExitCodes.Success;
    }
}
