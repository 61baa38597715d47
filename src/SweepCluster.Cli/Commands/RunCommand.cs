using System.CommandLine;
using SweepCluster.Cli.Terminal;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Runs;
using SweepCluster.Engine.Stores;
using SweepCluster.Graphs;
using SweepCluster.Reports;
using SweepCluster.Server;
using SweepCluster.Sweeps.Specs;

namespace SweepCluster.Cli.Commands;

/// <summary><c>sweep run SPEC</c>: runs a sweep, in this process or together with the silos of a store, and writes its result folder.</summary>
internal sealed class RunCommand : SweepCommand
{
    private readonly SpecArguments _spec = new();
    private readonly Option<string?> _out = new("--out", "-o") { Description = "Result folder. Default: results/ and the sweep's name." };
    private readonly Option<bool> _resume = new("--resume") { Description = "Goes on with the sweep that the result folder holds." };
    private readonly Option<int> _slots = CommonOptions.Slots();
    private readonly ClusterArguments _cluster = new(
        "Runs it together with the silos of this PostgreSQL database, as \"Host=db;Username=sweep;Password=..;Database=sweep\".", isRequired: false);

    private readonly ControlArguments _control = new();
    private readonly TelemetryArguments _telemetry = new();
    private readonly Option<string[]> _grow = new("--grow")
    {
        Description = "Takes over what the sweep of another result folder measured, wherever it is the same; may be repeated.",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<bool> _quiet = CommonOptions.Quiet();
    private readonly Option<bool> _plain = CommonOptions.Plain();
    private readonly Option<string> _format = CommonOptions.Format();

    internal RunCommand()
        : base("run", "Runs a sweep and writes its report.")
    {
        _spec.AddTo(this);
        Options.Add(_out);
        Options.Add(_resume);
        Options.Add(_grow);
        Options.Add(_slots);
        Options.Add(_quiet);
        Options.Add(_plain);
        Options.Add(_format);
        _cluster.AddTo(this);
        _control.AddTo(this);
        _telemetry.AddTo(this, logs: false);
    }

    private protected override async Task<int> RunAsync(ParseResult input, CancellationToken cancellationToken)
    {
        TextWriter error = input.InvocationConfiguration.Error;
        SweepControl control = _control.Read(input);
        SweepSpec spec = _spec.Read(input);
        string folder = input.GetValue(_out) ?? Path.Combine("results", spec.Name);
        RunOptions options = new()
        {
            ResultFolder = folder,
            Resume = input.GetValue(_resume),
            Slots = input.GetValue(_slots),
            Control = control,
            Grow = [.. input.GetValue(_grow) ?? []],
        };
        SiloOptions? silo = _cluster.Read(input, options.Slots, allowCommands: true);
        if (silo is null && _control.AnyIn(input))
        {
            throw new BadInputException("sweep run: found --priority, --attempts or --time-limit without --store, expected a store: a sweep of one process has nobody to share with.");
        }

        if (silo is not null && !options.Grow.IsEmpty)
        {
            throw new BadInputException("sweep run: found --grow beside --store, expected one of them: in a store, what its other sweeps measured is taken over by itself.");
        }

        SweepResult result;
        ServerOptions listen = new() { Telemetry = _telemetry.Options(input, "sweep-run", silo?.Name), Time = options.Time };
        try
        {
            await using IAsyncDisposable? telling = await _telemetry.StartAsync(input, listen, silo?.Store, error.WriteLine, cancellationToken);
            using IProgressDisplay progress = ProgressDisplay.Create(error, $"sweep '{spec.Name}'", input.GetValue(_quiet), input.GetValue(_plain));
            result = silo is null
                ? await SweepRunner.RunAsync(spec, options, progress, cancellationToken)
                : await ClusterRunner.RunAsync(spec, options, silo, progress, cancellationToken);
            await ReportWriter.WriteAsync(result.Summary, folder, cancellationToken);
            progress.Keeps = false; // the result follows
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync(silo is null
                ? "Interrupted. What was finished is kept; this goes on with it:"
                : "Interrupted. The sweep is in the store, where silos go on with it; this waits for it and writes its report:");
            await error.WriteLineAsync($"  {ResumeLine(input, folder)}");
            return ExitCodes.Interrupted;
        }

        bool asJson = input.IsJson(_format);
        await SummaryText.ShowAsync(input.InvocationConfiguration.Output, result.Summary, folder, asJson);
        if (asJson)
        {
            return ExitCodes.Success;
        }

        string found = result.JobsFound > 0 ? $", {result.JobsFound:N0} found finished" : string.Empty;
        string takenOver = result.TakenOver > 0 ? $", {result.TakenOver:N0} measurements taken over from earlier sweeps" : string.Empty;
        await error.WriteLineAsync($"{result.JobsRun:N0} jobs in {Quantity.Duration(result.Elapsed)}{found}{takenOver}");
        return ExitCodes.Success;
    }

    private static string ResumeLine(ParseResult input, string folder)
    {
        List<string> words = ["sweep", .. input.Tokens.Select(token => ShellWord.Quote(ClusterArguments.Show(token.Value)))];
        if (!words.Contains("--out") && !words.Contains("-o"))
        {
            words.AddRange(["--out", ShellWord.Quote(folder)]);
        }

        if (!words.Contains("--resume"))
        {
            words.Add("--resume");
        }

        return string.Join(' ', words);
    }
}
