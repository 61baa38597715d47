using System.CommandLine;
using SweepCluster.Cli.Terminal;
using SweepCluster.Engine.Runs;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Cli.Commands;

/// <summary><c>sweep diff DIR1 DIR2</c>: what changed between two results.</summary>
internal sealed class DiffCommand : SweepCommand
{
    private readonly Argument<string> _left = new("DIR1") { Description = "The older result folder." };
    private readonly Argument<string> _right = new("DIR2") { Description = "The newer result folder." };
    private readonly Option<string> _format = CommonOptions.Format();

    internal DiffCommand()
        : base("diff", "Compares two results: what they rest on, and every trial that differs.")
    {
        Arguments.Add(_left);
        Arguments.Add(_right);
        Options.Add(_format);
    }

    private protected override async Task<int> RunAsync(ParseResult input, CancellationToken cancellationToken)
    {
        SweepSummary left = (await ResultFolder.OpenAsync(input.GetRequiredValue(_left), cancellationToken)).Summary;
        SweepSummary right = (await ResultFolder.OpenAsync(input.GetRequiredValue(_right), cancellationToken)).Summary;
        SummaryDiff diff = SummaryDiff.Compare(left, right);
        TextWriter output = input.InvocationConfiguration.Output;
        if (input.IsJson(_format))
        {
            await Json.WriteAsync(output, diff);
            return ExitCodes.Success;
        }

        if (diff.Settings.IsEmpty && diff.Trials.IsEmpty)
        {
            await output.WriteLineAsync($"no differences in {left.Trials.Length} trials");
            return ExitCodes.Success;
        }

        foreach (SettingDifference setting in diff.Settings)
        {
            await output.WriteLineAsync($"{setting.Name}: {setting.Left} -> {setting.Right}");
        }

        if (!diff.Trials.IsEmpty)
        {
            TextTable table = new("id", "plan", "differs in", ">size 1", ">size 2", $">{left.Metric} 1", $">{right.Metric} 2");
            foreach (TrialDifference trial in diff.Trials)
            {
                table.Add(trial.Id, trial.Label, trial.What, Size(trial.LeftBytes), Size(trial.RightBytes), Value(left, trial.LeftMetric), Value(right, trial.RightMetric));
            }

            await table.WriteAsync(output);
        }

        return ExitCodes.Success;
    }

    private static string Size(long? bytes) => bytes is { } known ? ByteSize.Write(known) : "-";

    private static string Value(SweepSummary summary, Estimate? estimate) => estimate is null ? "-" : Quantity.Value(summary.Metric, estimate);
}
