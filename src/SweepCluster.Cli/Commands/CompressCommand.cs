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
        bool isWhole = program is null || input.GetValue(_scheme) is not null || input.GetValue(_config) is not null;
        if (program is { Converted: 0 } && !isWhole)
        {
            throw new BadInputException($"{path}: already float16: found no operation that computes in float32 and could compute in float16{Kept(program)}.");
        }

        // A program of other types is no compressed weight: it needs no newer target.
        ModelTarget target = format.ResolveTarget(graph, input.GetValue(_target) ?? (isWhole ? null : OutputPath.OwnTarget(graph)));
        Compressed result = isWhole ? Compress(input, graph, format, target, spill, cancellationToken) : new Compressed(new Dictionary<string, CompressedWeight>(), [], new Dictionary<string, Scheme>());
        TextWriter error = input.InvocationConfiguration.Error;
        bool isOpen = graph.Facts?.OperationSet is null && input.GetValue(_target) is null; // a network is raised as far as its weights' forms need, which is seen afterwards
        if (target.Notice is { } notice && !isOpen)
        {
            await error.WriteLineAsync($"note: {notice}");
        }

        string? warning = format.Warns(graph, result.Replacements, target);
        if (warning is not null)
        {
            await error.WriteLineAsync($"note: {warning}");
        }

        format.Write(graph, result.Replacements, target, input.GetRequiredValue(_out), cancellationToken);
        await SayKeptAsync(program, path, error);
        foreach (string line in LeftAloneText.Lines(graph, result.LeftAlone))
        {
            await error.WriteLineAsync(line);
        }

        await ReportAsync(input, source, graph, program, format, target, result, warning is null, isOpen);
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

    private async Task ReportAsync(ParseResult input, Graph source, Graph graph, Float16Program? program, IModelFormat format, ModelTarget target, Compressed result, bool isReadable, bool isOpen)
    {
        string destination = input.GetRequiredValue(_out);
        TextWriter output = input.InvocationConfiguration.Output;
        Graph? written = isReadable ? format.Read(destination) : null; // which says for what target it came to be
        long before = format.Measure(source, new Dictionary<string, CompressedWeight>(), target);
        long after = format.Measure(graph, result.Replacements, target);
        StructuredSavings[] savings = [.. graph.Weights.Where(weight => result.Replacements.ContainsKey(weight.Name))
            .Select(weight => StructuredSavings.Of(weight, result.Replacements[weight.Name])).OfType<StructuredSavings>().Where(saved => saved.ZeroChannels > 0)];
        if (isOpen && written?.Facts is { } now && source.Facts is { } then && now.SpecificationVersion != then.SpecificationVersion)
        {
            await input.InvocationConfiguration.Error.WriteLineAsync($"note: raised from {then.Target} to {now.Target}, which is the first that has such weights");
        }

        if (after > before)
        {
            await input.InvocationConfiguration.Error.WriteLineAsync("note: the result is larger than the model was: tables, scales or masks outweigh what was saved");
        }

        if (input.IsJson(_format))
        {
            await Json.WriteAsync(output, new
            {
                Path = destination,
                Target = written?.Facts?.Target ?? target.Name,
                Compressed = result.Schemes.ToDictionary(entry => entry.Key, entry => entry.Value.Canonical),
                BaselineBytes = before,
                SizeBytes = after,
                LeftAlone = result.LeftAlone.Select(entry => new { entry.Layer, entry.Reason }),
                EmptyChannels = savings.Sum(saved => saved.ZeroChannels),
                EmptyChannelElements = savings.Sum(saved => saved.Elements),
                Float16Operations = program?.Converted,
                Float32Operations = program?.Kept,
            });
            return;
        }

        string what = string.Join(", ", new[]
        {
            (written ?? graph).FormatDescription,
            program is null ? null : $"{program.Converted} {(program.Converted == 1 ? "operation" : "operations")} in float16",
            result.Schemes.Count == 0 ? null : $"{result.Schemes.Count} weights compressed",
        }.OfType<string>());
        await output.WriteLineAsync(FormattableString.Invariant($"{destination}: {what}, {ByteSize.Write(before)} to {ByteSize.Write(after)} ({(double)before / after:0.00}x)"));
        if (savings.Length > 0)
        {
            await output.WriteLineAsync(FormattableString.Invariant(
                $"{savings.Sum(saved => saved.ZeroChannels)} of {savings.Sum(saved => saved.Channels)} output channels in {savings.Length} {(savings.Length == 1 ? "weight" : "weights")} are empty: cutting them out would remove {savings.Sum(saved => saved.Elements)} elements, {ByteSize.Write(savings.Sum(saved => saved.DenseBytes))} as plain values, and input channels of the layers behind"));
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
            await error.WriteLineAsync($"stays float32: {kept.Key.OpType} {string.Join(", ", kept.Take(MostNames).Select(operation => $"'{operation.Name}'"))}{(kept.Count() > MostNames ? $" and {kept.Count() - MostNames} more" : "")}: {kept.Key.Reason}");
        }
    }

    private static string Kept(Float16Program program) => program.Kept.IsEmpty ? "" : $" ({string.Join("; ", program.Kept.Select(kept => $"{kept.OpType} '{kept.Name}': {kept.Reason}").Take(MostNames))})";

    private SweepSpec Request(ParseResult input, string path)
    {
        string? scheme = input.GetValue(_scheme);
        string? config = input.GetValue(_config);
        return (scheme is null ? null : SchemeText.Parse(scheme), config) switch
        {
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
}
