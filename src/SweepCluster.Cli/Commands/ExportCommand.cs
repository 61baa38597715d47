using System.CommandLine;
using System.Globalization;
using SweepCluster.Cli.Terminal;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Runs;
using SweepCluster.Formats;
using SweepCluster.Formats.Files;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Server.Clients;
using SweepCluster.Sweeps.Frontiers;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Specs.CoreMlTools;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Cli.Commands;

/// <summary><c>sweep export DIR</c>: writes the model of one trial.</summary>
internal sealed class ExportCommand : SweepCommand
{
    private readonly Argument<string> _folder = new("DIR") { Description = "A result folder; with --server a finished sweep: its id, its first digits, or its name." };
    private readonly Option<string?> _trial = new("--trial") { Description = "Id or label of the trial." };
    private readonly Option<double?> _maxDrop = new Option<double?>("--max-drop")
    {
        Description = "The smallest plan proven, on samples the choice did not see, to lose at most this much: "
            + "points of accuracy for top1, top5 and agreement, the metric's own unit otherwise.",
    }.AtLeast(0);

    private readonly Option<string?> _maxSize = new("--max-size") { Description = "The best plan of at most this size, as 4MB, 250kB or 300KiB." };
    private readonly Option<string?> _config = new("--write-config")
    {
        Description = "Also writes the plan in coremltools' configuration form, one file for each family of schemes: this name with the family before its ending.",
    };

    private readonly Option<string> _out = new("--out", "-o") { Description = "Where to write; must not exist.", Required = true };

    private readonly Option<string> _format = CommonOptions.Format();
    private readonly ServerArguments _server = new();

    internal ExportCommand()
        : base("export", "Writes the compressed model of a trial, reads it back, and compares its weights with those that were measured, bit for bit.")
    {
        Arguments.Add(_folder);
        Options.Add(_trial);
        Options.Add(_maxDrop);
        Options.Add(_maxSize);
        Options.Add(_config);
        Options.Add(_out);
        Options.Add(_format);
        _server.AddTo(this);
    }

    private protected override async Task<int> RunAsync(ParseResult input, CancellationToken cancellationToken)
    {
        (string? trial, double? maxDrop, string? maxSize) = (input.GetValue(_trial), input.GetValue(_maxDrop), input.GetValue(_maxSize));
        if (new object?[] { trial, maxDrop, maxSize }.Count(option => option is not null) != 1)
        {
            throw new BadInputException("sweep export: expected exactly one of --trial, --max-drop and --max-size.");
        }

        NewPath.Check(input.GetRequiredValue(_out));
        string source = input.GetRequiredValue(_folder);
        if (_server.IsNamed(input) || (!Directory.Exists(source) && _server.Read(input) is not null))
        {
            return await ExportFromServerAsync(source, new ModelChoice { Trial = trial, MaxDrop = maxDrop, MaxSizeBytes = maxSize is null ? null : ByteSize.Parse("--max-size", maxSize) }, input, cancellationToken);
        }

        ResultFolder folder = await ResultFolder.OpenAsync(source, cancellationToken);
        SweepSummary summary = folder.Summary;
        ModelFormats.CheckExtension(input.GetRequiredValue(_out), $"the sweep's model {summary.Provenance.ModelName}", summary.Provenance.ModelName);
        TextWriter error = input.InvocationConfiguration.Error;
        if (maxDrop is { } drop)
        {
            if (summary.IsShare(summary.Metric) && drop > 100)
            {
                throw new BadInputException(FormattableString.Invariant($"--max-drop: found {drop}, expected at most 100 points of {summary.Metric}."));
            }

            Recommendation advice = Recommender.ForMaxDrop(summary, summary.IsShare(summary.Metric) ? drop / 100 : drop);
            await error.WriteLineAsync(advice.Explanation);
            trial = advice.ProvenTrial;
            if (trial is null)
            {
                return ExitCodes.Failed;
            }
        }
        else if (maxSize is not null)
        {
            trial = Recommender.ForMaxSize(summary, ByteSize.Parse("--max-size", maxSize))?.Id;
            if (trial is null)
            {
                await error.WriteLineAsync($"No trial is as small as {maxSize}; the smallest has {ByteSize.Write(summary.Trials.Select(candidate => candidate.SizeBytes).DefaultIfEmpty().Min())}.");
                return ExitCodes.Failed;
            }
        }

        TrialSummary chosen = Find(summary, trial!);
        string path = input.GetRequiredValue(_out);
        IReadOnlyList<KeyValuePair<string, string>> configs = input.GetValue(_config) is { } config ? Configs(chosen, config) : [];
        long bytes = await ExportAsync(folder, chosen, path, configs, cancellationToken);

        return await SayAsync(input, path, new ExportedModel(chosen.Id, chosen.Label, bytes, chosen.CompressionRatio, null), [.. configs.Select(written => written.Key)]);
    }

    private async Task<int> ExportFromServerAsync(string sweepName, ModelChoice choice, ParseResult input, CancellationToken cancellationToken)
    {
        if (input.GetValue(_config) is not null)
        {
            throw new BadInputException("--write-config: found it beside --server, expected a result folder, which 'sweep fetch' brings here.");
        }

        await using ServerDesk desk = ServerDesk.Open(_server.Read(input)!, null, TimeProvider.System);
        SweepListing sweep = await FindAsync(desk, sweepName, input, cancellationToken);
        string path = input.GetRequiredValue(_out);
        ExportedModel model = await ExportAsync(desk, sweep.Id, choice, path, cancellationToken);
        if (model.Explanation is { } explanation)
        {
            await input.InvocationConfiguration.Error.WriteLineAsync(explanation);
        }

        return await SayAsync(input, path, model, []);
    }

    // Where the environment alone names the server, a folder may have been meant.
    private async Task<SweepListing> FindAsync(ServerDesk desk, string name, ParseResult input, CancellationToken cancellationToken)
    {
        try
        {
            return await desk.FindAsync(name, cancellationToken);
        }
        catch (NoSuchSweepException fault) when (!_server.IsNamed(input))
        {
            throw new BadInputException($"{name}: found neither a result folder nor a sweep of the server that {ServerArguments.Variable} names. {fault.Message}", fault);
        }
    }

    // The server speaks of the request; who typed it knows options.
    private static async Task<ExportedModel> ExportAsync(ServerDesk desk, string sweepId, ModelChoice choice, string path, CancellationToken cancellationToken)
    {
        try
        {
            return await desk.ExportAsync(sweepId, choice, path, cancellationToken);
        }
        catch (NoSuchTrialException)
        {
            throw NoTrial(choice.Trial!);
        }
    }

    private async Task<int> SayAsync(ParseResult input, string path, ExportedModel model, string[] configs)
    {
        TextWriter output = input.InvocationConfiguration.Output;
        if (input.IsJson(_format))
        {
            await Json.WriteAsync(output, new { Path = path, model.Trial, model.Label, model.SizeBytes, model.CompressionRatio, Configs = configs });
            return ExitCodes.Success;
        }

        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{path}: trial {model.Trial} ({model.Label}), {model.SizeBytes:N0} bytes, {model.CompressionRatio:0.00}x smaller; read back, its weights are those that were measured"));
        foreach (string file in configs)
        {
            await output.WriteLineAsync($"{file}: the plan for coremltools");
        }

        return ExitCodes.Success;
    }

    // The configurations first, which are small: all of it is there afterwards, or none.
    private static async Task<long> ExportAsync(
        ResultFolder folder, TrialSummary chosen, string path, IReadOnlyList<KeyValuePair<string, string>> configs, CancellationToken cancellationToken)
    {
        List<string> written = [];
        try
        {
            foreach ((string file, string text) in configs)
            {
                try
                {
                    Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
                    await using FileStream stream = new(file, FileMode.CreateNew, FileAccess.Write);
                    written.Add(file);
                    await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text), cancellationToken);
                }
                catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
                {
                    throw new BadInputException($"{file}: found a place that cannot be written ({OneLine.Of(exception.Message).TrimEnd('.')}), expected one that can.", exception);
                }
            }

            return await folder.ExportAsync(chosen.Id, path, cancellationToken);
        }
        catch
        {
            written.ForEach(File.Delete);
            throw;
        }
    }

    // Every path is checked before anything is written.
    private static List<KeyValuePair<string, string>> Configs(TrialSummary trial, string path)
    {
        Plan plan = Plan.Create(trial.Kind, trial.Label, trial.Schemes.Select(entry => KeyValuePair.Create(entry.Key, SchemeText.Parse(entry.Value))));
        List<KeyValuePair<string, string>> configs = [];
        foreach (CoreMlToolsText text in CoreMlToolsConfig.Write(plan))
        {
            string file = Path.ChangeExtension(path, text.Family + Path.GetExtension(path));
            NewPath.Check(file);
            configs.Add(new(file, text.Yaml));
        }

        return configs;
    }

    private static TrialSummary Find(SweepSummary summary, string text)
    {
        TrialSummary[] found = TrialIds.Match(summary.Trials, text);
        return found.Length switch
        {
            1 => found[0],
            0 => throw NoTrial(text),
            _ => throw new BadInputException($"--trial {OneLine.Short(text)}: found {found.Length} trials ({string.Join(", ", found.Take(8).Select(entry => entry.Id))}{(found.Length > 8 ? ", .." : "")}), expected more digits of one."),
        };
    }

    private static BadInputException NoTrial(string text) =>
        new($"--trial {OneLine.Short(text)}: found none, expected a label that 'sweep trials' lists, or an id or its first digits.");
}
