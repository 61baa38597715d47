using System.CommandLine;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Cli.Commands;

/// <summary><c>sweep pause</c>, <c>resume</c> and <c>cancel</c>: change whether silos take a sweep's jobs.</summary>
internal sealed class PhaseCommand : DeskCommand
{
    private readonly Argument<string> _sweep = SweepName();
    private readonly Option<string> _format = CommonOptions.Format();
    private readonly SweepPhase _phase;

    private PhaseCommand(string name, string description, SweepPhase phase)
        : base(name, description)
    {
        _phase = phase;
        Arguments.Add(_sweep);
        Options.Add(_format);
    }

    internal static PhaseCommand Pause() => new("pause", "Pauses a sweep: running jobs end and are recorded, no others begin.", SweepPhase.Paused);

    internal static PhaseCommand Resume() => new("resume", "Goes on with a sweep that was paused, cancelled or stopped.", SweepPhase.Running);

    internal static PhaseCommand Cancel() => new("cancel", "Cancels a sweep: running jobs are stopped. What is recorded stays until the sweep is removed.", SweepPhase.Cancelled);

    private protected override async Task<int> RunAsync(ISweepDesk desk, ParseResult input, CancellationToken cancellationToken)
    {
        SweepListing sweep = await desk.FindAsync(input.GetRequiredValue(_sweep), cancellationToken);
        SweepControl control = await desk.ChangeAsync(sweep.Id, new SweepChange { Phase = _phase }, cancellationToken);
        bool changed = control.Phase != sweep.Status.Control.Phase;
        if (input.IsJson(_format))
        {
            await ControlJson.WriteAsync(input.InvocationConfiguration.Output, sweep, control, changed);
            return ExitCodes.Success;
        }

        await input.InvocationConfiguration.Error.WriteLineAsync(
            $"{sweep}: {SweepListing.NameOf(control.Phase)}{(changed ? string.Empty : " already")}, {sweep.Status.Results} of {sweep.Status.Jobs} jobs done");
        return ExitCodes.Success;
    }
}
