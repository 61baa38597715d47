using System.CommandLine;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Stores;
using SweepCluster.Graphs;

namespace SweepCluster.Cli.Commands;

/// <summary><c>sweep change SWEEP</c>: changes a sweep's priority, attempts or time limit.</summary>
internal sealed class ChangeCommand : DeskCommand
{
    private readonly Argument<string> _sweep = SweepName();
    private readonly ControlArguments _control = new();
    private readonly Option<string> _format = CommonOptions.Format();

    internal ChangeCommand()
        : base("change", "Changes a sweep's priority, attempts or time limit; it holds from the next claim on.")
    {
        Arguments.Add(_sweep);
        _control.AddTo(this);
        Options.Add(_format);
    }

    private protected override void Check(ParseResult input)
    {
        _ = _control.ReadChange(input);
        if (!_control.AnyIn(input))
        {
            throw new BadInputException("sweep change: found nothing to change, expected --priority, --attempts or --time-limit.");
        }
    }

    private protected override async Task<int> RunAsync(ISweepDesk desk, ParseResult input, CancellationToken cancellationToken)
    {
        SweepListing sweep = await desk.FindAsync(input.GetRequiredValue(_sweep), cancellationToken);
        SweepControl control = await desk.ChangeAsync(sweep.Id, _control.ReadChange(input), cancellationToken);
        if (input.IsJson(_format))
        {
            await ControlJson.WriteAsync(input.InvocationConfiguration.Output, sweep, control, control != sweep.Status.Control);
            return ExitCodes.Success;
        }

        await input.InvocationConfiguration.Error.WriteLineAsync(
            FormattableString.Invariant($"{sweep}: priority {control.Priority}, {control.MaxAttempts} attempts, time limit {DurationText.Write(control.TimeLimit)}"));
        return ExitCodes.Success;
    }
}
