using System.CommandLine;
using SweepCluster.Cli.Terminal;
using SweepCluster.Formats;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Cli.Commands;

/// <summary><c>sweep inspect MODEL</c>: layers, types, shapes, bytes, what is compressed and how.</summary>
internal sealed class InspectCommand : SweepCommand
{
    private readonly Argument<string> _model = new("MODEL") { Description = "A model, as model.mlpackage." };
    private readonly Option<string> _format = CommonOptions.Format();

    internal InspectCommand()
        : base("inspect", "Shows a model's weights: operations, types, shapes, bytes, and how each is stored.")
    {
        Arguments.Add(_model);
        Options.Add(_format);
    }

    private protected override async Task<int> RunAsync(ParseResult input, CancellationToken cancellationToken)
    {
        string path = input.GetRequiredValue(_model);
        Graph graph = ModelFormats.For(path).Read(path);
        TextWriter output = input.InvocationConfiguration.Output;
        if (input.IsJson(_format))
        {
            await Json.WriteAsync(output, Describe(graph));
            return ExitCodes.Success;
        }

        await output.WriteLineAsync($"{path}: {graph.FormatDescription}, {graph.Nodes.Length} operations, {graph.Weights.Length} weights");
        foreach (GraphInput source in graph.Inputs)
        {
            string image = source.Image is { } picture ? $", picture {picture.Width} x {picture.Height} {picture.Colors.ToString().ToLowerInvariant()}" : string.Empty;
            await output.WriteLineAsync($"input   {source.Info.Name} {source.Info.Type?.Name()} {source.Info.Shape}{image}");
        }

        await output.WriteLineAsync($"output  {string.Join(", ", graph.Outputs)}{(graph.ClassLabels is { } labels ? $" ({labels.Length} classes)" : string.Empty)}");
        await output.WriteLineAsync();
        TextTable table = new("weight", "read by", "type", "shape", ">elements", ">bytes", "stored");
        foreach (Weight weight in graph.Weights)
        {
            table.Add(
                weight.Name, string.Join(", ", weight.Uses.Select(use => use.OpType).Distinct()), weight.Type.Name(), weight.Shape.ToString(),
                weight.Shape.ElementCount.ToString(null, null), weight.Stored.PayloadBytes.ToString(null, null), StoredForm.Describe(weight));
        }

        await table.WriteAsync(output);
        await output.WriteLineAsync();
        await output.WriteLineAsync(
            $"{graph.Weights.Sum(weight => weight.Shape.ElementCount):N0} elements in {Quantity.Bytes(graph.Weights.Sum(weight => weight.Stored.PayloadBytes))}");
        return ExitCodes.Success;
    }

    private static object Describe(Graph graph) => new
    {
        Format = graph.FormatDescription,
        Operations = graph.Nodes.Length,
        Inputs = graph.Inputs.Select(source => new
        {
            source.Info.Name,
            Type = source.Info.Type?.Name(),
            Shape = source.Info.Shape.Extents,
            Colors = source.Image?.Colors.ToString().ToLowerInvariant(),
        }),
        graph.Outputs,
        Classes = graph.ClassLabels?.Length,
        Weights = graph.Weights.Select(weight => new
        {
            weight.Name,
            ReadBy = weight.Uses.Select(use => new { Operation = use.Node, use.OpType, use.Input }),
            Type = weight.Type.Name(),
            Shape = weight.Shape.Extents,
            Elements = weight.Shape.ElementCount,
            Bytes = weight.Stored.PayloadBytes,
            Stored = StoredForm.Describe(weight),
            weight.Hash,
        }),
    };
}
