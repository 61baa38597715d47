using System.CommandLine;
using SweepCluster.Cli.Terminal;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Stores;
using SweepCluster.Sweeps.Specs;

namespace SweepCluster.Cli.Commands;

/// <summary><c>sweep submit SPEC</c>: hands a sweep in to a cluster and returns.</summary>
internal sealed class SubmitCommand : DeskCommand
{
    private readonly SpecArguments _spec = new();
    private readonly ControlArguments _control = new();
    private readonly Option<string> _format = CommonOptions.Format();

    internal SubmitCommand()
        : base("submit", "Hands a sweep in to a cluster, model and data with it, prints its id and returns.")
    {
        _spec.AddTo(this);
        _control.AddTo(this);
        Options.Add(_format);
    }

    private protected override async Task<int> RunAsync(ISweepDesk desk, ParseResult input, CancellationToken cancellationToken)
    {
        SweepControl control = _control.Read(input);
        SweepSpec spec = _spec.Read(input);
        Submission submission = await desk.SubmitAsync(spec, control, cancellationToken);
        SweepListing sweep = submission.Sweep;
        TextWriter output = input.InvocationConfiguration.Output, error = input.InvocationConfiguration.Error;
        foreach (string notice in submission.Notices)
        {
            await error.WriteLineAsync($"note: {notice}");
        }

        if (!submission.IsNew && control != SweepControl.Default && control != sweep.Status.Control with { Phase = control.Phase, Reason = control.Reason })
        {
            await error.WriteLineAsync($"note: what was asked of it stays as it is; '{Desk.Line(input, "change", sweep.Id)}' changes priority, attempts and time limit.");
        }

        if (input.IsJson(_format))
        {
            await Json.WriteAsync(output, new { sweep.Id, sweep.Record.Name, submission.IsNew, sweep.Phase, submission.Notices });
            return ExitCodes.Success;
        }

        await output.WriteLineAsync(sweep.Id);
        await error.WriteLineAsync((submission.IsNew, sweep.Phase) switch
        {
            (true, _) => $"{sweep} is {DeskArguments.Where(desk)}. This watches it, and writes its report:\n  {Desk.Line(input, "watch", sweep.Id, "--out", Path.Combine("results", sweep.Record.Name))}",
            (_, "finished") => $"{sweep} is there already, finished. This brings it home:\n  {Desk.Line(input, "fetch", sweep.Id, "--out", Path.Combine("results", sweep.Record.Name))}",
            (_, "running") => $"{sweep} is there already, {sweep.Status.Results} of {sweep.Status.Jobs} jobs done. This watches it:\n  {Desk.Line(input, "watch", sweep.Id)}",
            (_, var phase) => $"{sweep} is there already, {phase}{(sweep.Status.Control.Reason is { } reason ? $" ({reason})" : string.Empty)}; '{Desk.Line(input, "resume", sweep.Id)}' goes on with it.",
        });
        return ExitCodes.Success;
    }
}
