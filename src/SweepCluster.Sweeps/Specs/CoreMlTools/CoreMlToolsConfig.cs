using System.Collections.Immutable;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Specs.Yaml;

namespace SweepCluster.Sweeps.Specs.CoreMlTools;

/// <summary>Reads and writes plans as coremltools' <c>OptimizationConfig</c> in YAML.</summary>
/// <remarks>Source: coremltools, <c>optimize/coreml/_config.py</c>, <c>OptimizationConfig.from_yaml</c>. There a name that does not occur is passed over; here it is a fault, and so is a type that looks like one that occurs.</remarks>
public static class CoreMlToolsConfig
{
    private const string Types = "op_type_configs";

    private static readonly string[] s_keys = ["config_type", "global_config", Types, "op_name_configs"];

    /// <summary>Reads a configuration as the plan that it means for a model.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="source">What messages call it: a file name.</param>
    /// <param name="graph">The model. Weights of rank 1, those that are compressed already, cannot be replaced, or have at most <c>weight_threshold</c> elements stay untouched.</param>
    /// <returns>A given plan, labelled with the file's name.</returns>
    /// <exception cref="BadInputException">Every fault at once, one line each.</exception>
    public static Plan Parse(string text, string source, Graph graph) => Read(text, source, graph).Plan;

    /// <summary>Reads a configuration as <see cref="Parse"/> does, with what it says of weights that it could compress and does not.</summary>
    internal static ConfiguredPlan Read(string text, string source, Graph graph)
    {
        SpecFaults faults = new();
        SpecNode? document = SpecDocument.Read(text, line => new SpecPlace(source, (int)line), faults);
        faults.Throw();
        if (document is not MappingNode root)
        {
            throw new BadInputException($"{source}: found {document?.Description ?? "an empty file"}, expected a mapping with {string.Join(", ", s_keys)}.");
        }

        Sections sections = ReadSections(new MappingReader(root, "", s_keys, faults), root, graph, faults);
        faults.Throw();
        List<KeyValuePair<string, Scheme>> schemes = [];
        Dictionary<string, string> skipped = new(StringComparer.Ordinal);
        Dictionary<string, long> thresholds = new(StringComparer.Ordinal);
        foreach (Weight weight in graph.Weights.Where(weight => weight is { Shape.Rank: > 1, Conflict: null, Stored: DenseWeight dense } && dense.Values.Type == weight.Type))
        {
            ImmutableArray<OverrideLookup.Found<OpConfig>> found = OverrideLookup.Find(weight, sections.ByName, sections.ByType, sections.Global, (left, right) => left == right);
            if (found.Length > 1)
            {
                throw new BadInputException($"{source}: the weight '{weight.Name}' is read by '{found[0].Node}' and '{found[1].Node}', for which different settings hold; expected the same, or an entry of its own in op_name_configs.");
            }

            if (found[0].Setting is not { Scheme: Scheme scheme, WeightThreshold: long threshold })
            {
                skipped.Add(weight.Name, found[0].Origin ?? "global_config");
            }
            else if (weight.Shape.ElementCount <= threshold)
            {
                thresholds.Add(weight.Name, threshold);
            }
            else
            {
                schemes.Add(new(weight.Name, scheme));
            }
        }

        return new ConfiguredPlan(Plan.Create(PlanKind.Given, Path.GetFileNameWithoutExtension(source), schemes), skipped, thresholds);
    }

    private sealed record Sections(OpConfig Global, Dictionary<string, OpConfig> ByType, Dictionary<string, OpConfig> ByName);

    private static Sections ReadSections(MappingReader reader, MappingNode root, Graph graph, SpecFaults faults)
    {
        OpConfigReader configs = new(faults);
        OpConfig nothing = new(null, 0);
        if (reader.Node("config_type") is not SpecNode type)
        {
            faults.Add(root.Place, "found no key 'config_type', expected the name of a compressor's class, as OpPalettizerConfig");
            return new Sections(nothing, [], []);
        }

        string name = configs.Knows(type) ? ((ScalarNode)type).Value : "";
        if (name.Length == 0)
        {
            return new Sections(nothing, [], []);
        }

        OpConfig? global = reader.Node("global_config") is SpecNode node ? configs.Read(node, name) : nothing;
        HashSet<string> names = [.. graph.Weights.SelectMany(weight => weight.Uses.Select(use => use.Node).Prepend(weight.Name))];
        HashSet<string> types = [.. graph.Weights.SelectMany(weight => weight.Uses.Select(use => use.OpType)).Order(StringComparer.Ordinal)];
        return new Sections(
            global ?? nothing,
            ReadNamed(reader, Types, configs, name, types, $"a type of operation that reads a weight: {string.Join(", ", types)}", faults),
            ReadNamed(reader, "op_name_configs", configs, name, names, "the name of a weight or of an operation that reads one", faults));
    }

    private static Dictionary<string, OpConfig> ReadNamed(
        MappingReader reader, string key, OpConfigReader configs, string type, HashSet<string> names, string expected, SpecFaults faults)
    {
        Dictionary<string, OpConfig> result = new(StringComparer.Ordinal);
        if (reader.Node(key) is not SpecNode node)
        {
            return result;
        }

        if (node is not MappingNode mapping)
        {
            reader.Fault(key, $"found {node.Description}, expected a mapping from names to settings");
            return result;
        }

        foreach (SpecEntry entry in mapping.Entries)
        {
            // A configuration for many models may name types that this one has not; those that look like one of its own are misspelt.
            string hint = names.Contains(entry.Key) ? "" : NearName.Hint(entry.Key, names);
            if (!names.Contains(entry.Key) && (key != Types || hint.Length > 0))
            {
                faults.Add(entry.Place, $"{key}: found '{entry.Key}', expected {expected}{hint}");
            }
            else if (configs.Read(entry.Value, type) is OpConfig config)
            {
                result[entry.Key] = config;
            }
        }

        return result;
    }

    /// <summary>Writes a plan as configurations that name every layer. coremltools compresses with one family at a time, so there is one text for each family of the plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <returns>Texts in ordinal order of families. A joint scheme is split over two of them, which coremltools takes one after the other (<c>joint_compression</c>).
    /// Layers whose schemes coremltools cannot do (float16, tables of 8 bits, searched ranges, ...) appear as comments that say why.</returns>
    public static ImmutableArray<CoreMlToolsText> Write(Plan plan) => CoreMlToolsWriter.Write(plan);
}
