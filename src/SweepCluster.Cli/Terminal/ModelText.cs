using System.Globalization;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Cli.Terminal;

/// <summary>Says what a model is, line by line.</summary>
internal static class ModelText
{
    private const int MostNumbers = 8;

    /// <summary>Bits that one value of a weight takes, with tables, scales and masks.</summary>
    internal static double BitsOf(Weight weight) => 8.0 * weight.Stored.PayloadBytes / Math.Max(1, weight.Shape.ElementCount);

    /// <summary>What is at a path, in one line: kind and target, and how large it is in operations and weights.</summary>
    internal static string Head(Graph graph) => $"{graph.Source}: {graph.FormatDescription}, {graph.Nodes.Length} operations, {graph.Weights.Length} weights";

    /// <summary>The lines, each with what it is about.</summary>
    internal static IEnumerable<(string Label, string Text)> Lines(Graph graph)
    {
        if (graph.Facts is { } facts)
        {
            yield return ("kind", $"{facts.Kind} in a {facts.Container}, specification version {facts.SpecificationVersion}{(facts.OperationSet is { } opset ? $", operation set {opset}" : "")}, runs from {facts.Target} on");
            if (facts.Functions.Length > 1)
            {
                yield return ("function", string.Join(", ", facts.Functions.Select(function => $"{function.Name} ({function.OperationSet}{(function.IsMain ? ", shown here" : "")})")));
            }

            foreach (string stage in facts.Stages)
            {
                yield return ("stage", stage);
            }

            foreach (ValueInfo state in facts.States)
            {
                yield return ("state", $"{state.Name} {state.Type?.Name()} {state.Shape}");
            }
        }

        foreach (GraphInput source in graph.Inputs)
        {
            yield return ("input", $"{source.Info.Name} {source.Info.Type?.Name() ?? "no tensor"} {source.Info.Shape}{(source.Image is { } image ? $", {Picture(image)}" : "")}");
        }

        foreach (string step in graph.Facts?.Preprocessing.AsEnumerable() ?? [])
        {
            yield return ("before", step);
        }

        foreach (ValueInfo output in graph.OutputInfos())
        {
            yield return ("output", output.Type is { } type ? $"{output.Name} {type.Name()} {output.Shape}" : output.Name);
        }

        if (graph.ClassLabels is { } labels)
        {
            yield return ("classes", labels.Length < 2 ? $"{labels.Length}" : $"{labels.Length}, from '{labels[0]}' to '{labels[^1]}'");
        }

        foreach ((string name, string text) in graph.Facts?.Metadata.AsEnumerable() ?? [])
        {
            yield return ("says", $"{name}: {text}");
        }
    }

    /// <summary>A part's numbers, where they are few.</summary>
    internal static string Numbers(TensorData part) => part.Shape.ElementCount is > MostNumbers or 0 ? ""
        : $": {string.Join(", ", part.ToFloat32().Select(value => value.ToString("G6", CultureInfo.InvariantCulture)))}";

    private static string Picture(ImageInput image) => $"picture {image.Width} x {image.Height} {image.Colors.ToString().ToLowerInvariant()}";
}
