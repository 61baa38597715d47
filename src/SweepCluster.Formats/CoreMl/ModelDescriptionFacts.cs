using System.Collections.Immutable;
using SweepCluster.Formats.CoreMl.Programs;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl;

/// <summary>What a model's description says of it.</summary>
internal static class ModelDescriptionFacts
{
    /// <summary>The facts of an ML program.</summary>
    /// <param name="model">The model.</param>
    /// <param name="program">Its program.</param>
    /// <param name="main">Name of the main function.</param>
    /// <param name="read">Reads a function as a graph.</param>
    internal static ModelFacts Of(Model model, Program program, string main, Func<string, Graph> read)
    {
        string? opset = program.Functions.TryGetValue(main, out Function? function) ? function.Opset : null;
        return new ModelFacts
        {
            Kind = "ML program",
            Container = "package",
            SpecificationVersion = model.SpecificationVersion,
            OperationSet = opset,
            Target = CoreMlTargets.LevelOfOpset(opset ?? "") is int level ? CoreMlTargets.NameOf(level) : "unknown",
            Functions =
            [
                .. program.Functions.OrderBy(entry => entry.Key != main).ThenBy(entry => entry.Key, StringComparer.Ordinal)
                    .Select(entry => new FunctionFacts(entry.Key, entry.Value.Opset, new Lazy<Graph>(() => read(entry.Key)))),
            ],
            States = function is null ? [] : [.. function.Inputs.Where(input => input.Type?.StateType is not null).Select(StateOf)],
            Metadata = Metadata(model.Description?.Metadata),
        };
    }

    /// <summary>What the maker noted down, by name; nothing where nothing is said.</summary>
    internal static ImmutableSortedDictionary<string, string> Metadata(Metadata? metadata)
    {
        if (metadata is null)
        {
            return ImmutableSortedDictionary<string, string>.Empty;
        }

        (string Name, string Text)[] said =
            [("author", metadata.Author), ("description", metadata.ShortDescription), ("licence", metadata.License), ("version", metadata.VersionString), .. metadata.UserDefined.Select(entry => (entry.Key, entry.Value))];
        ImmutableSortedDictionary<string, string>.Builder facts = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach ((string name, string text) in said.Where(entry => entry.Text.Length > 0))
        {
            facts.TryAdd(name, text);
        }

        return facts.ToImmutable();
    }

    private static ValueInfo StateOf(NamedValueType input) =>
        MilTypes.ToValueInfo(new NamedValueType { Name = input.Name, Type = input.Type.StateType.WrappedType }, $"state '{input.Name}'");
}
