using System.CommandLine;
using SweepCluster.Cli.Terminal;
using SweepCluster.Compression;
using SweepCluster.Compression.Pruning;
using SweepCluster.Formats;
using SweepCluster.Formats.Spills;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Spaces;
using SweepCluster.Sweeps.Specs;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Cli.Commands;

/// <summary><c>sweep compress MODEL --scheme S -o OUT</c>: compresses a model without a sweep.</summary>
internal sealed class CompressCommand : SweepCommand
{
    private const int MostNames = 3;
    private const long UsualThreshold = 2048;
    private const long Float16Threshold = 256;

    private readonly Argument<string> _model = new("MODEL") { Description = "A model: a package (.mlpackage) or a neural network's file (.mlmodel)." };
    private readonly Option<string?> _scheme = new("--scheme")
    {
        Description = "For every layer: palettize(nbits=4, granularity=per_grouped_channel, group_size=16), quantize(...), prune(...), mindspore(...) or float16; prune(...)+palettize(...) or prune(...)+quantize(...) for both.",
    };

    private readonly Option<string?> _compute = new("--compute")
    {
        Description = "float16: the program of an ML program package computes in float16, with casts where the model takes and returns float32. Alone, or before --scheme or --config.",
    };

    private readonly Option<string?> _config = new("--config") { Description = "A configuration file in coremltools' YAML form, instead of --scheme." };
    private readonly Option<string?> _target = new("--target") { Description = "Deployment target, as iOS18. Default: the model's own." };
    private readonly Option<long?> _threshold = new Option<long?>("--weight-threshold")
    {
        Description = "Weights with at most this many elements are left alone. Default: 2048; for float16 256, below which the operation outweighs what is saved.",
    }.AtLeast(0L);

    private readonly Option<string> _out = new("--out", "-o") { Description = "Where to write, as model.mlpackage, or model.mlmodel where the model is such a file; must not exist.", Required = true };

    private readonly Option<string> _format = CommonOptions.Format();

    internal CompressCommand()
        : base("compress", "Compresses a model with one scheme, without a sweep.")
    {
        Arguments.Add(_model);
        Options.Add(_scheme);
        Options.Add(_compute);
        Options.Add(_config);
        Options.Add(_target);
        Options.Add(_threshold);
        Options.Add(_out);
        Options.Add(_format);
        _compute.AcceptOnlyFromAmong("float16");
    }

    private protected override async Task<int> RunAsync(ParseResult input, CancellationToken cancellationToken)
    {
        if (input.GetValue(_threshold) is not null && input.GetValue(_scheme) is null)
        {
            throw new BadInputException(input.GetValue(_config) is null
                ? "--weight-threshold: found no --scheme beside it, expected the scheme that it is for."
                : "--weight-threshold: found it beside --config, expected it beside --scheme; a configuration file has a weight_threshold of its own.");
        }

        string path = input.GetRequiredValue(_model);
        IModelFormat format = ModelFormats.For(path);
        Graph source = format.Read(path);
        OutputPath.Check(input.GetRequiredValue(_out), source);
        using WeightSpill spill = new(input.GetRequiredValue(_out));
        Float16Program? program = input.GetValue(_compute) is null ? null : format.ToFloat16(source, spill.Keep);
        Graph graph = program?.Graph ?? source;
        bool compresses = program is null || input.GetValue(_scheme) is not null || input.GetValue(_config) is not null; // --compute may be all that is asked for
        if (program is { Converted: 0 } && !compresses)
        {
            throw new BadInputException($"{path}: already float16: found no operation that computes in float32 and could compute in float16{Kept(program)}.");
        }

        // A program of other types is no compressed weight: it needs no newer target.
        ModelTarget target = format.ResolveTarget(graph, input.GetValue(_target) ?? (compresses ? null : OutputPath.OwnTarget(graph)));
        Compressed result = compresses ? Compress(input, graph, format, target, spill, cancellationToken) : new Compressed(new Dictionary<string, CompressedWeight>(), [], new Dictionary<string, Scheme>());
        TextWriter error = input.InvocationConfiguration.Error;
        bool isTargetOpen = graph.Facts?.OperationSet is null && input.GetValue(_target) is null; // a network is raised as far as its weights' forms need, which is seen afterwards
        if (target.Notice is { } notice && !isTargetOpen)
        {
            await error.WriteLineAsync($"note: {notice}");
        }

        string? warning = format.Warns(graph, result.Replacements, target);
        if (warning is not null)
        {
            await error.WriteLineAsync($"note: {warning}");
        }

        string destination = input.GetRequiredValue(_out);
        format.Write(graph, result.Replacements, target, destination, cancellationToken);
        await SayKeptAsync(program, path, error);
        foreach (string line in LeftAloneText.Lines(graph, result.LeftAlone))
        {
            await error.WriteLineAsync(line);
        }

        Outcome outcome = new(destination, source, graph, program, target, result)
        {
            Written = warning is null ? format.Read(destination) : null,
            Before = format.Measure(source, new Dictionary<string, CompressedWeight>(), target),
            After = format.Measure(graph, result.Replacements, target),
        };
        await NoteAsync(error, outcome, isTargetOpen);
        TextWriter output = input.InvocationConfiguration.Output;
        await (input.IsJson(_format) ? WriteJsonAsync(output, outcome) : WriteTextAsync(output, outcome));
        return ExitCodes.Success;
    }

    private Compressed Compress(ParseResult input, Graph graph, IModelFormat format, ModelTarget target, WeightSpill spill, CancellationToken cancellationToken)
    {
        string path = input.GetRequiredValue(_model);
        SweepSpec spec = Request(input, path);
        SweepSpace space = SpaceExpander.Expand(spec, graph, format, target, new SchemeRefusals(target.Arithmetic).Of);
        Plan plan = space.UniformPlans is [Plan first, ..] ? first : throw new BadInputException($"{path}: {NothingToDo(space)}");
        (var replacements, IReadOnlyList<Refusal> failures) = PlanApplication.Apply(plan, graph, target, Environment.ProcessorCount, spill.Keep, cancellationToken);
        HashSet<string> listed = [.. space.LeftAlone.Select(weight => weight.Weight.Name)];
        IReadOnlyDictionary<string, CompressedWeight> complete = format.Complete(graph, replacements, target);
        return new Compressed(
            complete,
            [.. space.LeftAlone.Where(weight => !complete.ContainsKey(weight.Weight.Name)).Select(weight => (weight.Weight.Name, weight.Reason))
                .Concat(space.Refusals.Concat(failures).Where(refusal => !listed.Contains(refusal.Layer)).Select(refusal => (refusal.Layer, refusal.Reason)))],
            plan.Schemes.Where(entry => replacements.ContainsKey(entry.Key)).ToDictionary(entry => entry.Key, entry => entry.Value));
    }

    private static async Task NoteAsync(TextWriter error, Outcome outcome, bool isTargetOpen)
    {
        if (isTargetOpen && outcome.Written?.Facts is { } now && outcome.Source.Facts is { } then && now.SpecificationVersion != then.SpecificationVersion)
        {
            await error.WriteLineAsync($"note: raised from {then.Target} to {now.Target}, which is the first that has such weights");
        }

        if (outcome.After > outcome.Before)
        {
            await error.WriteLineAsync("note: the result is larger than the model was: tables, scales or masks outweigh what was saved");
        }
    }

    private static Task WriteJsonAsync(TextWriter output, Outcome outcome)
    {
        StructuredSavings[] savings = outcome.Savings();
        return Json.WriteAsync(output, new
        {
            outcome.Path,
            Target = outcome.Written?.Facts?.Target ?? outcome.Target.Name,
            Compressed = outcome.Result.Schemes.ToDictionary(entry => entry.Key, entry => entry.Value.Canonical),
            BaselineBytes = outcome.Before,
            SizeBytes = outcome.After,
            LeftAlone = outcome.Result.LeftAlone.Select(entry => new { entry.Layer, entry.Reason }),
            EmptyChannels = savings.Sum(saved => saved.ZeroChannels),
            EmptyChannelElements = savings.Sum(saved => saved.Elements),
            Float16Operations = outcome.Program?.Converted,
            Float32Operations = outcome.Program?.Kept,
        });
    }

    private static async Task WriteTextAsync(TextWriter output, Outcome outcome)
    {
        (int schemes, long before, long after) = (outcome.Result.Schemes.Count, outcome.Before, outcome.After);
        string what = string.Join(", ", new[]
        {
            (outcome.Written ?? outcome.Graph).FormatDescription,
            outcome.Program is { } program ? $"{Quantity.Count(program.Converted, "operation")} in float16" : null,
            schemes == 0 ? null : $"{schemes} weights compressed",
        }.OfType<string>());
        await output.WriteLineAsync(FormattableString.Invariant($"{outcome.Path}: {what}, {ByteSize.Write(before)} to {ByteSize.Write(after)} ({(double)before / after:0.00}x)"));
        StructuredSavings[] savings = outcome.Savings();
        if (savings.Length > 0)
        {
            await output.WriteLineAsync(FormattableString.Invariant(
                $"{savings.Sum(saved => saved.ZeroChannels)} of {savings.Sum(saved => saved.Channels)} output channels in {Quantity.Count(savings.Length, "weight")} are empty: cutting them out would remove {savings.Sum(saved => saved.Elements)} elements, {ByteSize.Write(savings.Sum(saved => saved.DenseBytes))} as plain values, and input channels of the layers behind"));
        }
    }

    private static async Task SayKeptAsync(Float16Program? program, string path, TextWriter error)
    {
        if (program is { Converted: 0 })
        {
            await error.WriteLineAsync($"note: {path} is already float16");
        }

        foreach (IGrouping<(string OpType, string Reason), KeptOperation> kept in program?.Kept.GroupBy(operation => (operation.OpType, operation.Reason)) ?? [])
        {
            await error.WriteLineAsync($"stays float32: {kept.Key.OpType} {Quantity.Names([.. kept.Select(operation => $"'{operation.Name}'")], MostNames)}: {kept.Key.Reason}");
        }
    }

    private static string Kept(Float16Program program) => program.Kept.IsEmpty ? "" : $" ({string.Join("; ", program.Kept.Select(kept => $"{kept.OpType} '{kept.Name}': {kept.Reason}").Take(MostNames))})";

    private SweepSpec Request(ParseResult input, string path)
    {
        string? scheme = input.GetValue(_scheme);
        string? config = input.GetValue(_config);
        return (scheme is null ? null : SchemeText.Parse(scheme), config) switch
        {
            (UntouchedScheme, _) => throw new BadInputException($"--scheme: found '{scheme}', which leaves every weight as it is, expected a scheme that compresses."),
            ({ } parsed, null) => OneShotSpec.ForScheme(
                path, parsed, input.GetValue(_target), input.GetValue(_threshold) ?? (parsed is Float16Scheme ? Float16Threshold : UsualThreshold)),
            (null, { } file) => OneShotSpec.ForConfig(path, file, input.GetValue(_target)),
            _ => throw new BadInputException("sweep compress: expected one of --scheme and --config, or --compute."),
        };
    }

    private static string NothingToDo(SweepSpace space)
    {
        var reasons = space.LeftAlone.Select(weight => weight.Reason).Concat(space.Refusals.Select(refusal => refusal.Reason));
        return "found no weight that takes this scheme ("
            + string.Join("; ", reasons.GroupBy(reason => reason).Select(group => $"{group.Count()}: {group.Key}")) + ").";
    }

    private sealed record Compressed(IReadOnlyDictionary<string, CompressedWeight> Replacements, (string Layer, string Reason)[] LeftAlone, IReadOnlyDictionary<string, Scheme> Schemes);

    // Of a model: the graph that was written may compute in float16, unlike its source.
    private sealed record Outcome(string Path, Graph Source, Graph Graph, Float16Program? Program, ModelTarget Target, Compressed Result)
    {
        // Read back, which says for what target it came to be; null where it would not be read again.
        internal required Graph? Written { get; init; }

        internal required long Before { get; init; }

        internal required long After { get; init; }

        internal StructuredSavings[] Savings() => [.. Graph.Weights.Where(weight => Result.Replacements.ContainsKey(weight.Name))
            .Select(weight => StructuredSavings.Of(weight, Result.Replacements[weight.Name])).OfType<StructuredSavings>().Where(saved => saved.ZeroChannels > 0)];
    }
}
