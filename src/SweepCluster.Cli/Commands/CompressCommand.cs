using System.CommandLine;
using SweepCluster.Cli.Terminal;
using SweepCluster.Compression;
using SweepCluster.Compression.Pruning;
using SweepCluster.Formats;
using SweepCluster.Formats.Spills;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Spaces;
using SweepCluster.Sweeps.Specs;

namespace SweepCluster.Cli.Commands;

/// <summary><c>sweep compress MODEL --scheme S -o OUT</c>: compresses a model without a sweep.</summary>
internal sealed class CompressCommand : SweepCommand
{
    private readonly Argument<string> _model = new("MODEL") { Description = "A model, as model.mlpackage." };
    private readonly Option<string?> _scheme = new("--scheme")
    {
        Description = "For every layer: palettize(nbits=4, granularity=per_grouped_channel, group_size=16), quantize(...), prune(...), mindspore(...) or float16; prune(...)+palettize(...) or prune(...)+quantize(...) for both.",
    };

    private readonly Option<string?> _config = new("--config") { Description = "A configuration file in coremltools' YAML form, instead of --scheme." };
    private readonly Option<string?> _target = new("--target") { Description = "Deployment target, as iOS18. Default: the model's own." };
    private readonly Option<long> _threshold = new Option<long>("--weight-threshold")
    {
        Description = "Weights with at most this many elements are left alone.",
        DefaultValueFactory = _ => 2048,
    }.AtLeast(0);

    private readonly Option<string> _out = new("--out", "-o") { Description = "Where to write; must not exist.", Required = true };

    private readonly Option<string> _format = CommonOptions.Format();

    internal CompressCommand()
        : base("compress", "Compresses a model with one scheme, without a sweep.")
    {
        Arguments.Add(_model);
        Options.Add(_scheme);
        Options.Add(_config);
        Options.Add(_target);
        Options.Add(_threshold);
        Options.Add(_out);
        Options.Add(_format);
    }

    private protected override async Task<int> RunAsync(ParseResult input, CancellationToken cancellationToken)
    {
        string path = input.GetRequiredValue(_model);
        string destination = input.GetRequiredValue(_out);
        IModelFormat format = ModelFormats.For(path);
        Graph graph = format.Read(path);
        ModelTarget target = format.ResolveTarget(graph, input.GetValue(_target));
        SweepSpec spec = Request(input, path);
        SweepSpace space = SpaceExpander.Expand(spec, graph, format, target, new SchemeRefusals(target.Arithmetic).Of);
        Plan plan = space.UniformPlans is [Plan first, ..] ? first : throw new BadInputException($"{path}: {NothingToDo(space)}");

        TextWriter error = input.InvocationConfiguration.Error;
        if (target.Notice is { } notice)
        {
            await error.WriteLineAsync($"note: {notice}");
        }

        using WeightSpill spill = new(destination);
        (var replacements, IReadOnlyList<Refusal> failures) = PlanApplication.Apply(plan, graph, target, Environment.ProcessorCount, spill.Keep, cancellationToken);
        replacements = format.Complete(graph, replacements, target);
        format.Write(graph, replacements, target, destination, cancellationToken);
        HashSet<string> listed = [.. space.LeftAlone.Select(weight => weight.Weight.Name)];
        (string Layer, string Reason)[] reasons = [.. space.LeftAlone.Select(weight => (weight.Weight.Name, weight.Reason))
            .Concat(space.Refusals.Concat(failures).Where(refusal => !listed.Contains(refusal.Layer)).Select(refusal => (refusal.Layer, refusal.Reason)))];
        foreach (IGrouping<string, string> reason in reasons.GroupBy(entry => entry.Reason, entry => entry.Layer))
        {
            await error.WriteLineAsync($"left alone: {reason.Count()} {(reason.Count() == 1 ? "weight" : "weights")}: {reason.Key}");
        }

        long before = format.Measure(graph, new Dictionary<string, Graphs.Weights.CompressedWeight>(), target);
        long after = format.Measure(graph, replacements, target);
        StructuredSavings[] savings = [.. graph.Weights.Where(weight => replacements.ContainsKey(weight.Name))
            .Select(weight => StructuredSavings.Of(weight, replacements[weight.Name])).OfType<StructuredSavings>().Where(saved => saved.ZeroChannels > 0)];
        if (after > before)
        {
            await error.WriteLineAsync("note: the result is larger than the model was: tables, scales or masks outweigh what was saved");
        }

        if (input.IsJson(_format))
        {
            await Json.WriteAsync(input.InvocationConfiguration.Output, new
            {
                Path = destination,
                Target = target.Name,
                Compressed = plan.Schemes.Where(entry => replacements.ContainsKey(entry.Key)).ToDictionary(entry => entry.Key, entry => entry.Value.Canonical),
                BaselineBytes = before,
                SizeBytes = after,
                LeftAlone = reasons.Select(entry => new { entry.Layer, entry.Reason }),
                EmptyChannels = savings.Sum(saved => saved.ZeroChannels),
                EmptyChannelElements = savings.Sum(saved => saved.Elements),
            });
            return ExitCodes.Success;
        }

        await input.InvocationConfiguration.Output.WriteLineAsync(
            FormattableString.Invariant($"{destination}: {replacements.Count} weights compressed, {Quantity.Bytes(before)} to {Quantity.Bytes(after)} ({(double)before / after:0.00}x)"));
        if (savings.Length > 0)
        {
            await input.InvocationConfiguration.Output.WriteLineAsync(FormattableString.Invariant(
                $"{savings.Sum(saved => saved.ZeroChannels)} of {savings.Sum(saved => saved.Channels)} output channels in {savings.Length} {(savings.Length == 1 ? "weight" : "weights")} are empty: cutting them out would remove {savings.Sum(saved => saved.Elements)} elements, {Quantity.Bytes(savings.Sum(saved => saved.DenseBytes))} as plain values, and input channels of the layers behind"));
        }

        return ExitCodes.Success;
    }

    private SweepSpec Request(ParseResult input, string path)
    {
        string? scheme = input.GetValue(_scheme);
        string? config = input.GetValue(_config);
        return (scheme, config) switch
        {
            ({ } text, null) => OneShotSpec.ForScheme(path, SchemeText.Parse(text), input.GetValue(_target), input.GetValue(_threshold)),
            (null, { } file) => OneShotSpec.ForConfig(path, file, input.GetValue(_target)),
            _ => throw new BadInputException("sweep compress: expected one of --scheme and --config."),
        };
    }

    private static string NothingToDo(SweepSpace space)
    {
        var reasons = space.LeftAlone.Select(weight => weight.Reason).Concat(space.Refusals.Select(refusal => refusal.Reason));
        return "found no weight that takes this scheme ("
            + string.Join("; ", reasons.GroupBy(reason => reason).Select(group => $"{group.Count()}: {group.Key}")) + ").";
    }
}
