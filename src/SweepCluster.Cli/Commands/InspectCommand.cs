using System.CommandLine;
using System.Globalization;
using SweepCluster.Cli.Terminal;
using SweepCluster.Compression;
using SweepCluster.Formats;
using SweepCluster.Formats.Npy;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;
using SweepCluster.Sweeps.Comparison;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Cli.Commands;

/// <summary><c>sweep inspect MODEL</c>: what a model is, its layers, types, shapes, bytes, what is compressed and how; or one weight's values.</summary>
internal sealed class InspectCommand : SweepCommand
{
    private readonly Argument<string> _model = new("MODEL") { Description = "A model: a package (.mlpackage) or a neural network's file (.mlmodel)." };
    private readonly Option<string?> _weight = new("--weight") { Description = "Shows the values of this weight instead." };
    private readonly Option<string?> _values = new("--values") { Description = "With --weight: writes its values, as a device computes them, to this new .npy file." };
    private readonly Option<string> _format = CommonOptions.Format();

    internal InspectCommand()
        : base("inspect", "Shows what a model is, and its weights: operations, types, shapes, bytes, and how each is stored.")
    {
        Arguments.Add(_model);
        Options.Add(_weight);
        Options.Add(_values);
        Options.Add(_format);
    }

    private protected override async Task<int> RunAsync(ParseResult input, CancellationToken cancellationToken)
    {
        string path = input.GetRequiredValue(_model);
        Graph graph = ModelFormats.For(path).Read(path);
        TextWriter output = input.InvocationConfiguration.Output;
        if (input.GetValue(_weight) is { } name)
        {
            Weight weight = graph.Weights.FirstOrDefault(candidate => candidate.Name == name) ?? Written(name, graph)
                ?? throw new BadInputException(NearName.Ended($"--weight: found '{name}', expected a weight of {path}, which 'sweep inspect {ShellWord.Quote(path)}' lists{NearName.Hint(name, graph.Weights.Select(candidate => candidate.Name))}"));
            await ShowWeightAsync(input, output, weight);
            return ExitCodes.Success;
        }

        if (input.GetValue(_values) is not null)
        {
            throw new BadInputException("--values: found no --weight beside it, expected the name of a weight.");
        }

        await (input.IsJson(_format) ? Json.WriteAsync(output, ModelJson.Of(graph)) : ShowAsync(output, graph));
        return ExitCodes.Success;
    }

    private static async Task ShowAsync(TextWriter output, Graph graph)
    {
        await output.WriteLineAsync(ModelText.Head(graph));
        foreach ((string label, string text) in ModelText.Lines(graph))
        {
            await output.WriteLineAsync($"{label,-8}{text}");
        }

        await output.WriteLineAsync();
        TextTable table = new("weight", "read by", "type", "shape", ">elements", ">bytes", ">bits", "stored", "scheme");
        foreach (Weight weight in graph.Weights)
        {
            table.Add(
                weight.Name, string.Join(", ", weight.Uses.Select(use => use.OpType).Distinct()), weight.Type.Name(), weight.Shape.ToString(),
                weight.Shape.ElementCount.ToString(null, null), weight.Stored.PayloadBytes.ToString(null, null),
                weight.Chain is null ? ModelText.BitsOf(weight).ToString("0.##", CultureInfo.InvariantCulture) : "-", StoredForm.Describe(weight), StoredScheme.Of(weight)?.Canonical ?? "-");
        }

        await table.WriteAsync(output);
        await output.WriteLineAsync();
        await output.WriteLineAsync(
            $"{graph.Weights.Sum(weight => weight.Shape.ElementCount):N0} elements in {ByteSize.Write(graph.Weights.Sum(weight => weight.Stored.PayloadBytes))}");
    }

    private async Task ShowWeightAsync(ParseResult input, TextWriter output, Weight weight)
    {
        ValueSummary summary = ValueSummary.Of(weight.Stored);
        if (input.GetValue(_values) is { } path)
        {
            NpyWriter.Write(path, weight.Type, weight.Shape, Decompressor.DensePieces(weight.Stored));
        }

        if (input.IsJson(_format))
        {
            await Json.WriteAsync(output, new
            {
                Weight = ModelJson.Of(weight),
                Values = new { summary.Elements, Least = Json.Finite(summary.Least), Largest = Json.Finite(summary.Largest), Mean = Json.Finite(summary.Mean), Deviation = Json.Finite(summary.Deviation), summary.Zeros, summary.NotFinite, Distinct = summary.Distinct },
                Parts = weight.Stored.Parts.Select(part => new { Name = part.Key, Type = part.Value.Type.Name(), Shape = part.Value.Shape.Extents, Bytes = part.Value.Bytes.Length }),
            });
            return;
        }

        await output.WriteLineAsync($"{weight.Name}: {weight.Type.Name()} {weight.Shape}, read by {string.Join(", ", weight.Uses.Select(use => $"{use.OpType} '{use.Node}'"))}");
        await output.WriteLineAsync(FormattableString.Invariant($"stored    {StoredForm.Describe(weight)}, {ModelText.BitsOf(weight):0.##} bits a value{(StoredScheme.Of(weight) is { } scheme and not UntouchedScheme ? $", {scheme}" : "")}"));
        foreach ((string role, TensorData part) in weight.Stored.Parts)
        {
            await output.WriteLineAsync($"part      {role}: {part.Type.Name()} {part.Shape}, {part.Bytes.Length} bytes{ModelText.Numbers(part)}");
        }

        await output.WriteLineAsync(FormattableString.Invariant(
            $"values    {summary.Least:G6} to {summary.Largest:G6}, mean {summary.Mean:G6}, standard deviation {summary.Deviation:G6}"));
        await output.WriteLineAsync(FormattableString.Invariant(
            $"          {summary.Zeros} of {summary.Elements} zero{(summary.NotFinite > 0 ? $", {summary.NotFinite} not finite" : "")}, {summary.Distinct} distinct"));
    }

    // Of a compressed model: the weight that had this name before, as far as one alone can have had it.
    private static Weight? Written(string name, Graph graph) =>
        graph.Weights.Where(weight => PlainNames.Of(weight.Name) == PlainNames.Of(name)).Take(2).ToArray() is [Weight only] ? only : null;
}
