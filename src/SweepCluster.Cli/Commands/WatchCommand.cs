using System.CommandLine;
using SweepCluster.Cli.Terminal;
using SweepCluster.Engine.Clusters;

namespace SweepCluster.Cli.Commands;

/// <summary><c>sweep watch [SWEEP]</c>: follows a sweep of a cluster to its end, from any machine.</summary>
internal sealed class WatchCommand : DeskCommand
{
    private readonly Argument<string?> _sweep = new("SWEEP")
    {
        Description = "The sweep's id, its first digits, or its name. Default: the only one that is not finished.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _out = new("--out", "-o") { Description = "Result folder that the finished sweep is brought home to." };
    private readonly Option<bool> _quiet = CommonOptions.Quiet();
    private readonly Option<bool> _plain = CommonOptions.Plain();
    private readonly Option<string> _format = CommonOptions.Format();

    internal WatchCommand()
        : base("watch", "Shows the progress of a sweep of a cluster until it ends; with --out brings the result home.")
    {
        Arguments.Add(_sweep);
        Options.Add(_out);
        Options.Add(_quiet);
        Options.Add(_plain);
        Options.Add(_format);
    }

    private protected override async Task<int> RunAsync(ISweepDesk desk, ParseResult input, CancellationToken cancellationToken)
    {
        TextWriter error = input.InvocationConfiguration.Error;
        SweepListing sweep = await desk.FindAsync(input.GetValue(_sweep), cancellationToken);
        try
        {
            using IProgressDisplay progress = ProgressDisplay.Create(error, sweep.ToString(), input.GetValue(_quiet), input.GetValue(_plain));
            await desk.WatchAsync(sweep.Id, progress, cancellationToken);
            progress.Keeps = input.GetValue(_out) is null; // else the result follows
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync($"Interrupted. {sweep} goes on; this watches it again:\n  {Desk.Line(input, "watch", sweep.Id)}");
            return ExitCodes.Interrupted;
        }

        if (input.GetValue(_out) is { } folder)
        {
            return await Homecoming.RunAsync(desk, sweep, folder, withData: false, input.IsJson(_format), input, cancellationToken);
        }

        sweep = await desk.FindAsync(sweep.Id, cancellationToken);
        TextWriter output = input.InvocationConfiguration.Output;
        if (input.IsJson(_format))
        {
            await Json.WriteAsync(output, new { sweep.Id, sweep.Record.Name, sweep.Phase, sweep.Status.Jobs, sweep.Status.Failures });
            return ExitCodes.Success;
        }

        await output.WriteLineAsync($"{sweep}: finished, {sweep.Status.Jobs} jobs, {sweep.Status.Failures} failed. This brings it home:");
        await output.WriteLineAsync($"  {Desk.Line(input, "fetch", sweep.Id, "--out", Path.Combine("results", sweep.Record.Name))}");
        return ExitCodes.Success;
    }
}
