using System.CommandLine;
using SweepCluster.Cli.Terminal;
using SweepCluster.Formats;
using SweepCluster.Formats.Spills;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Cli.Commands;

/// <summary><c>sweep decompress MODEL -o OUT</c>: writes the plain model that a device would see.</summary>
internal sealed class DecompressCommand : SweepCommand
{
    private readonly Argument<string> _model = new("MODEL") { Description = "A compressed model: a package (.mlpackage) or a neural network's file (.mlmodel)." };
    private readonly Option<string> _out = new("--out", "-o") { Description = "Where to write, as model.mlpackage, or model.mlmodel where the model is such a file; must not exist.", Required = true };

    private readonly Option<string> _format = CommonOptions.Format();

    internal DecompressCommand()
        : base("decompress", "Writes the plain model: every compressed weight as the values that a device computes from it.")
    {
        Arguments.Add(_model);
        Options.Add(_out);
        Options.Add(_format);
    }

    private protected override async Task<int> RunAsync(ParseResult input, CancellationToken cancellationToken)
    {
        string path = input.GetRequiredValue(_model);
        string destination = input.GetRequiredValue(_out);
        IModelFormat format = ModelFormats.For(path);
        Graph graph = format.Read(path);
        OutputPath.Check(destination, graph);
        ModelTarget target = format.ResolveTarget(graph, OutputPath.OwnTarget(graph)); // plain weights need no newer one
        format.Measure(graph, Planned(graph), target); // refuses what no file can hold, before the work
        using WeightSpill spill = new(destination);
        Dictionary<string, CompressedWeight> plain = new(StringComparer.Ordinal);
        foreach (Weight weight in graph.Weights.Where(weight => !weight.IsPlain))
        {
            cancellationToken.ThrowIfCancellationRequested();
            plain[weight.Name] = spill.KeepDense(weight.Stored);
        }

        if (plain.Count == 0)
        {
            throw new BadInputException($"{path}: found no compressed weight, expected a compressed model.");
        }

        format.Write(graph, plain, target, destination, cancellationToken);
        long bytes = format.Measure(graph, plain, target);
        TextWriter output = input.InvocationConfiguration.Output;
        await (input.IsJson(_format)
            ? Json.WriteAsync(output, new { Path = destination, Decompressed = plain.Keys, SizeBytes = bytes })
            : output.WriteLineAsync($"{destination}: {format.Read(destination).FormatDescription}, {plain.Count} weights decompressed, {ByteSize.Write(bytes)}"));
        return ExitCodes.Success;
    }

    private static Dictionary<string, CompressedWeight> Planned(Graph graph) =>
        graph.Weights.Where(weight => !weight.IsPlain).ToDictionary(weight => weight.Name, weight => (CompressedWeight)WeightSpill.PlanDense(weight.Stored), StringComparer.Ordinal);
}
