using System.Collections.Immutable;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Specs.Sections;
using SweepCluster.Sweeps.Specs.Yaml;

namespace SweepCluster.Sweeps.Specs;

/// <summary>Reads a sweep's spec from YAML. Its form is published as <c>docs/sweep.schema.json</c>.</summary>
public static class SpecReader
{
    private const long DefaultWeightThreshold = 2048; // coremltools' own
    private const long MaxBytes = 1 << 20;

    /// <summary>Reads and checks a spec.</summary>
    /// <param name="path">Path of the file; paths in it are relative to its folder.</param>
    /// <param name="overrides">Settings in place of the file's, applied in order: dotted path (<c>samples.choice</c>) and value as YAML.</param>
    /// <exception cref="BadInputException">Every fault at once, one line each: the file and line or the setting, what was found, what was expected.</exception>
    public static SweepSpec Read(string path, IReadOnlyList<KeyValuePair<string, string>> overrides) => Read(path, overrides, isConfined: false);

    /// <summary>Reads and checks the spec of somebody whose files are all in its folder: a path that leads elsewhere is a fault, and nothing is looked for there.</summary>
    /// <param name="path">Path of the file; paths in it are relative to its folder.</param>
    /// <param name="overrides">As <see cref="Read(string, IReadOnlyList{KeyValuePair{string, string}})"/>.</param>
    /// <exception cref="BadInputException">Every fault at once, one line each: the file and line or the setting, what was found, what was expected.</exception>
    public static SweepSpec ReadConfined(string path, IReadOnlyList<KeyValuePair<string, string>> overrides) => Read(path, overrides, isConfined: true);

    private static SweepSpec Read(string path, IReadOnlyList<KeyValuePair<string, string>> overrides, bool isConfined)
    {
        string file = Path.GetFileName(path);
        SpecFaults faults = new();
        SpecNode? document = SpecDocument.Read(Load(path), line => new SpecPlace(file, (int)line), faults);
        if (document is null or ScalarNode { IsNull: true })
        {
            if (faults.None)
            {
                faults.Add(new SpecPlace(file, 0), "found an empty file, expected a sweep's spec");
            }

            faults.Throw();
        }

        if (document is not MappingNode root)
        {
            faults.Add(document!.Place, $"found {document.Description}, expected a mapping with {string.Join(", ", SpecKeys.Root)}");
            faults.Throw();
            return null!; // Throw never returns here
        }

        foreach ((string key, string value) in overrides)
        {
            SpecSettings.Apply(root, key, value, faults);
        }

        SweepSpec spec = ReadRoot(new MappingReader(root, "", SpecKeys.Root, faults), file, new SpecFolder(Path.GetDirectoryName(Path.GetFullPath(path))!, isConfined), faults);
        faults.Throw();
        return spec with { Canonical = CanonicalSpec.Write(spec) };
    }

    private static string Load(string path)
    {
        try
        {
            FileInfo info = new(path);
            return !info.Exists ? throw new BadInputException($"{path}: found no such file, expected a sweep's spec.")
                : info.Length > MaxBytes ? throw new BadInputException($"{path}: found {info.Length} bytes, expected a spec of at most {MaxBytes}.")
                : File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path}: cannot be read ({exception.Message.TrimEnd('.')}).", exception);
        }
    }

    private static SweepSpec ReadRoot(MappingReader root, string file, SpecFolder folder, SpecFaults faults)
    {
        SpecPlace whole = new(file, 0);
        ObjectiveSpec objective = ObjectiveSection.Read(root, folder.Path, faults);
        bool needsLabels = objective.Command.IsEmpty && OutcomeMetrics.Names.Contains(objective.Metric) && OutcomeMetrics.NeedsLabels(objective.Metric);
        DataSpec? data = DataSection.Read(root, folder, needsLabels, faults);
        if (root.Node("data") is null && objective.Command.IsEmpty)
        {
            faults.Add(whole, "found no key 'data', expected labelled data to measure on, or a command of your own in 'objective'");
        }

        ImmutableArray<Scheme> schemes = Schemes(root, faults);
        ImmutableArray<GivenPlan> plans = Plans(root, folder, faults);
        SearchSpec search = SearchSection.Read(root, root.Node("data") is not null, faults);
        if (root.Node("schemes") is null && plans.IsEmpty)
        {
            faults.Add(whole, "found no key 'schemes', expected a list of at least one scheme, as 'palettize: {nbits: [4, 6, 8]}'");
        }
        else if (plans.IsEmpty && search is { Uniform: false, GreedyPlans: 0, Probes: false })
        {
            root.Fault("search", "found nothing to try, expected uniform, greedy or probes");
        }

        return new SweepSpec
        {
            Name = root.Text("name", "a name") ?? Path.GetFileNameWithoutExtension(file),
            Model = Model(root, folder, whole, faults),
            Target = root.Text("target", "a deployment target, as iOS18"),
            Data = data,
            Objective = objective,
            Samples = SamplesSection.Read(root, faults),
            Seed = root.Integer("seed", 0, long.MaxValue) ?? 1,
            WeightThreshold = root.Mapping("global_config", SpecKeys.GlobalConfig)?.Integer(SpecKeys.WeightThreshold, 0, long.MaxValue) ?? DefaultWeightThreshold,
            Schemes = schemes,
            OpTypeConfigs = OverrideSection.Read(root, "op_type_configs", schemes, faults),
            OpNameConfigs = OverrideSection.Read(root, "op_name_configs", schemes, faults),
            GivenPlans = plans,
            Search = search,
            Canonical = "",
        };
    }

    private static string Model(MappingReader root, SpecFolder folder, SpecPlace whole, SpecFaults faults)
    {
        if (root.Text("model", "the path of a model") is not string given)
        {
            if (root.Node("model") is null)
            {
                faults.Add(whole, "found no key 'model', expected the path of a model");
            }

            return "";
        }

        string? path = folder.Resolve(given);
        if (path is null)
        {
            root.Fault("model", SpecFolder.Refuse(given));
        }
        else if (!File.Exists(path) && !Directory.Exists(path))
        {
            root.Fault("model", $"found nothing at '{given}', expected a model");
        }

        return path ?? "";
    }

    private static ImmutableArray<Scheme> Schemes(MappingReader root, SpecFaults faults)
    {
        SchemeGrid grid = new(faults);
        switch (root.Node("schemes"))
        {
            case null:
                break;
            case SequenceNode { Items.Count: > 0 } list:
                list.Items.ForEach(grid.ReadEntry);
                break;
            case SpecNode other:
                root.Fault("schemes", $"found {(other is SequenceNode ? "an empty list" : other.Description)}, expected a list of schemes");
                break;
        }

        return grid.Schemes;
    }

    private static ImmutableArray<GivenPlan> Plans(MappingReader root, SpecFolder folder, SpecFaults faults)
    {
        List<GivenPlan> plans = [];
        foreach (ScalarNode given in root.Texts("plans", "the path of a coremltools configuration file"))
        {
            if (folder.Resolve(given.Value) is not { } path)
            {
                faults.Add(given.Place, $"plans: {SpecFolder.Refuse(given.Value)}");
            }
            else if (!File.Exists(path))
            {
                faults.Add(given.Place, $"plans: found no file '{given.Value}', expected a coremltools configuration file");
            }
            else if (!plans.Exists(plan => plan.Path == path))
            {
                plans.Add(GivenPlan.Read(path));
            }
        }

        return [.. plans];
    }
}
