using System.Collections.Immutable;
using System.Globalization;
using SweepCluster.Compression;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Sweeps.Comparison;

/// <summary>Compares two models, of whatever kinds: what they say of themselves, their programs, and their weights value by value.</summary>
public static class ModelComparer
{
    private const string None = "-";

    /// <summary>Compares two models.</summary>
    /// <param name="left">The first: the one that the other is measured against.</param>
    /// <param name="right">The second.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <remarks>Two weights at a time are decoded, piece by piece.</remarks>
    /// <exception cref="BadInputException">A weight cannot be decoded.</exception>
    public static ModelComparison Compare(Graph left, Graph right, CancellationToken cancellationToken)
    {
        ImmutableArray<OperationDifference>.Builder operations = ImmutableArray.CreateBuilder<OperationDifference>();
        ImmutableArray<WeightComparison>.Builder weights = ImmutableArray.CreateBuilder<WeightComparison>();
        int same = 0;
        List<(int Left, int Right)>? main = null; // the first function is the main one
        foreach ((Graph before, Graph after, string? function) in Functions(left, right))
        {
            ProgramComparison program = new(before, after, function);
            (ImmutableArray<OperationDifference> differences, int alike) = program.Compare();
            operations.AddRange(differences);
            same += alike;
            main ??= program.Pairs;
        }

        WeightMatching matching = new(left, right, main!);
        foreach (Weight weight in left.Weights)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (matching.Of(weight) is { } match)
            {
                weights.Add(new WeightComparison(weight, match.Weight, ValueDifference.Measure(weight.Stored, match.Weight.Stored), match.By));
            }
        }

        return new ModelComparison([.. Settings(left, right)], operations.ToImmutable(), same, weights.ToImmutable(),
            [.. left.Weights.Where(weight => matching.Of(weight) is null)], [.. right.Weights.Where(weight => !matching.IsTaken(weight))]);
    }

    // The main functions, whatever their names, then functions of one name.
    private static IEnumerable<(Graph Left, Graph Right, string? Function)> Functions(Graph left, Graph right)
    {
        yield return (left, right, null);
        Dictionary<string, FunctionFacts> others = Others(right).ToDictionary(function => function.Name, StringComparer.Ordinal);
        foreach (FunctionFacts function in Others(left))
        {
            if (others.TryGetValue(function.Name, out FunctionFacts? other))
            {
                yield return (function.Program.Value, other.Program.Value, function.Name);
            }
        }
    }

    private static IEnumerable<FunctionFacts> Others(Graph graph) => graph.Facts?.Functions.Where(function => !function.IsMain) ?? [];

    private static IEnumerable<SettingDifference> Settings(Graph left, Graph right)
    {
        Dictionary<string, string> before = Said(left), after = Said(right);
        return before.Keys.Union(after.Keys)
            .Select(name => new SettingDifference(name, Shown(before, name), Shown(after, name)))
            .Where(setting => setting.Left != setting.Right);
    }

    private static string Shown(Dictionary<string, string> said, string name) => said.GetValueOrDefault(name, "") is { Length: > 0 } text ? text : None;

    private static Dictionary<string, string> Said(Graph graph)
    {
        Dictionary<string, string> said = new(StringComparer.Ordinal);
        if (graph.Facts is { } facts)
        {
            said["kind"] = $"{facts.Kind} in a {facts.Container}";
            said["specification version"] = facts.SpecificationVersion.ToString(CultureInfo.InvariantCulture);
            said["operation set"] = facts.OperationSet ?? None;
            said["target"] = facts.Target;
            said["functions"] = string.Join(", ", facts.Functions.Select(function => function.Name));
            said["stages"] = string.Join(", ", facts.Stages);
            said["preprocessing"] = string.Join("; ", facts.Preprocessing);
            foreach (ValueInfo state in facts.States)
            {
                said[$"state {state.Name}"] = $"{state.Type?.Name()} {state.Shape}";
            }

            foreach ((string name, string text) in facts.Metadata)
            {
                said[$"metadata {name}"] = text;
            }
        }

        foreach (GraphInput input in graph.Inputs)
        {
            said[$"input {input.Info.Name}"] = $"{input.Info.Type?.Name() ?? "no tensor"} {input.Info.Shape}{(input.Image is { } image ? $", picture {image.Width} x {image.Height} {image.Colors.ToString().ToLowerInvariant()}" : "")}";
        }

        foreach (ValueInfo output in graph.OutputInfos())
        {
            said[$"output {output.Name}"] = output.Type is { } type ? $"{type.Name()} {output.Shape}" : "there";
        }

        said["class labels"] = graph.ClassLabels is { } labels ? $"{labels.Length}, {Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', labels))))[..8]}" : None;
        return said;
    }
}
