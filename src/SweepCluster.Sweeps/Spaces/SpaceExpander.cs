using System.Collections.Immutable;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Specs;
using SweepCluster.Sweeps.Specs.CoreMlTools;

namespace SweepCluster.Sweeps.Spaces;

/// <summary>Expands a spec over a model: layers, schemes, plans, and what is left alone and why. Runs nothing.</summary>
public static class SpaceExpander
{
    /// <summary>Expands a spec.</summary>
    /// <param name="spec">The request.</param>
    /// <param name="graph">The model that it names.</param>
    /// <param name="format">The model's format.</param>
    /// <param name="target">The deployment target of what will be exported.</param>
    /// <param name="refuses">Says why a weight cannot take a scheme, in a few words; null where it can.</param>
    /// <exception cref="BadInputException">An override names what does not occur, a weight is read by operations with different overrides, the target
    /// cannot express a scheme, a given plan cannot be read, or nothing is left to compress. Every fault of one kind at once, one line each.</exception>
    public static SweepSpace Expand(SweepSpec spec, Graph graph, IModelFormat format, ModelTarget target, Func<Weight, Scheme, string?> refuses)
    {
        Func<Weight, Scheme, string?> formRefuses = refuses;
        refuses = (weight, scheme) => format.Refuses(graph, weight, scheme, target) ?? formRefuses(weight, scheme);
        OverrideNames.Check(spec, graph);
        ConfiguredPlan[] configured = [.. spec.GivenPlans.Select(plan => CoreMlToolsConfig.Read(plan.Text, Path.GetFileName(plan.Path), graph))];
        List<Plan> given = [.. configured.Select(config => config.Plan)];
        CheckTarget(spec, graph, given, format, target);

        List<Layer> layers = [];
        List<LeftAloneWeight> leftAlone = [];
        List<Refusal> refusals = [];
        List<string> conflicts = [];
        HashSet<string> overridden = new(StringComparer.Ordinal);
        foreach (Weight weight in graph.Weights)
        {
            LayerRule rule = LayerRule.Of(weight, spec);
            if (rule.Conflict is not null)
            {
                conflicts.Add(rule.Conflict);
            }
            else if (rule.LeftAlone is not null)
            {
                leftAlone.Add(rule.LeftAlone);
            }
            else
            {
                AddLayer(weight, rule.Schemes, refuses, layers, leftAlone, refusals);
                if (rule.Overridden)
                {
                    overridden.Add(weight.Name);
                }
            }
        }

        if (conflicts.Count > 0)
        {
            throw new BadInputException(string.Join('\n', conflicts));
        }

        List<Plan> uniform = spec.Search.Uniform ? [.. spec.Schemes.Select(scheme => Uniform(scheme, layers, overridden)).OfType<Plan>()] : [];
        given = [.. given.Select(plan => Admit(plan, graph, refuses, layers, leftAlone, refusals))];
        if (configured is [var only])
        {
            leftAlone = leftAlone.ConvertAll(entry => entry.Cause == LeftAloneCause.NoScheme ? Explained(entry.Weight, only) ?? entry : entry);
        }

        ImmutableArray<Plan> plans = [.. uniform.Concat(given).Where(plan => plan.Schemes.Count > 0).DistinctBy(plan => plan.Id)];
        return layers.Count > 0 ? new SweepSpace([.. layers], [.. leftAlone], [.. refusals], plans) : throw NothingLeft(spec, leftAlone);
    }

    private static void AddLayer(
        Weight weight, ImmutableArray<Scheme> wanted, Func<Weight, Scheme, string?> refuses, List<Layer> layers, List<LeftAloneWeight> leftAlone, List<Refusal> refusals)
    {
        List<Scheme> possible = [];
        string? first = null;
        foreach (Scheme scheme in wanted)
        {
            if (refuses(weight, scheme) is string reason)
            {
                refusals.Add(new Refusal(weight.Name, scheme, reason));
                first ??= $"{scheme.Label}: {reason}";
            }
            else
            {
                possible.Add(scheme);
            }
        }

        if (possible.Count > 0)
        {
            layers.Add(new Layer(weight, [.. possible]));
        }
        else if (wanted.Length > 0)
        {
            leftAlone.Add(new LeftAloneWeight(weight, LeftAloneCause.Refused, wanted.Length == 1 ? first! : $"none of {wanted.Length} schemes fits ({first})"));
        }
        else
        {
            leftAlone.Add(new LeftAloneWeight(weight, LeftAloneCause.NoScheme, "no scheme is asked for"));
        }
    }

    // What the only configuration says of a weight that no scheme of the spec is for; null where it says nothing.
    private static LeftAloneWeight? Explained(Weight weight, ConfiguredPlan configured) =>
        configured.Thresholds.TryGetValue(weight.Name, out long threshold) ? LeftAloneWeight.UpTo(weight, threshold)
        : configured.Skipped.TryGetValue(weight.Name, out string? origin) ? LeftAloneWeight.Skipped(weight, origin)
        : null;

    // The same scheme wherever a layer lists it; an overridden layer that does not list it keeps to its override's first scheme. Null where no layer lists it.
    private static Plan? Uniform(Scheme scheme, List<Layer> layers, HashSet<string> overridden) =>
        !layers.Exists(layer => layer.Schemes.Contains(scheme)) ? null : Plan.Create(
            PlanKind.Uniform,
            scheme.Label,
            layers.Select(layer => KeyValuePair.Create(
                layer.Name, layer.Schemes.Contains(scheme) ? scheme : overridden.Contains(layer.Name) ? layer.Schemes[0] : new UntouchedScheme())));

    // A given plan without the pairs that are impossible. What it compresses beyond the sweep's layers becomes a layer that lists no scheme.
    private static Plan Admit(
        Plan plan, Graph graph, Func<Weight, Scheme, string?> refuses, List<Layer> layers, List<LeftAloneWeight> leftAlone, List<Refusal> refusals)
    {
        Dictionary<string, Scheme> schemes = new(StringComparer.Ordinal);
        foreach (Weight weight in graph.Weights.Where(weight => plan.Schemes.ContainsKey(weight.Name)))
        {
            Scheme scheme = plan.Schemes[weight.Name];
            if (refuses(weight, scheme) is string reason)
            {
                Refusal refusal = new(weight.Name, scheme, reason);
                refusals.AddRange(refusals.Contains(refusal) ? [] : [refusal]);
                int alone = leftAlone.FindIndex(entry => entry.Weight == weight && entry.Cause == LeftAloneCause.NoScheme);
                if (alone >= 0)
                {
                    leftAlone[alone] = new LeftAloneWeight(weight, LeftAloneCause.Refused, reason);
                }

                continue;
            }

            schemes.Add(weight.Name, scheme);
            if (!layers.Exists(layer => layer.Weight == weight))
            {
                leftAlone.RemoveAll(entry => entry.Weight == weight);
                int place = layers.FindIndex(layer => graph.Weights.IndexOf(layer.Weight) > graph.Weights.IndexOf(weight));
                layers.Insert(place < 0 ? layers.Count : place, new Layer(weight, []));
            }
        }

        return Plan.Create(plan.Kind, plan.Label, schemes);
    }

    private static void CheckTarget(SweepSpec spec, Graph graph, List<Plan> given, IModelFormat format, ModelTarget target)
    {
        IEnumerable<Scheme> schemes = spec.Schemes
            .Concat(spec.OpTypeConfigs.Values.Concat(spec.OpNameConfigs.Values).SelectMany(entry => entry.Schemes))
            .Concat(given.SelectMany(plan => plan.Schemes.Values))
            .Distinct();
        List<string> faults = [.. schemes
            .Select(scheme => (Scheme: scheme, Reason: format.Refuses(scheme, target)))
            .Where(entry => entry.Reason is not null)
            .Select(entry => $"{spec.Name}: found the scheme {entry.Scheme}{ForLayers(entry.Scheme, spec, graph, given)}, expected one that a {format.Name} for {target.Name} can hold: {entry.Reason!.TrimEnd('.')}.")];
        if (faults.Count > 0)
        {
            throw new BadInputException(string.Join('\n', faults));
        }
    }

    // The layers that a scheme is meant for: the first by name, the others by their number.
    private static string ForLayers(Scheme scheme, SweepSpec spec, Graph graph, List<Plan> given)
    {
        string[] layers = [.. graph.Weights
            .Where(weight => LayerRule.Of(weight, spec).Schemes.Contains(scheme) || given.Exists(plan => plan.Schemes.GetValueOrDefault(weight.Name) == scheme))
            .Select(weight => weight.Name)];
        return layers.Length switch
        {
            0 => "",
            1 => $" for layer '{layers[0]}'",
            _ => $" for layer '{layers[0]}' and {layers.Length - 1} more",
        };
    }

    private static BadInputException NothingLeft(SweepSpec spec, List<LeftAloneWeight> leftAlone)
    {
        string reasons = string.Join("; ", leftAlone
            .GroupBy(entry => entry.Reason)
            .OrderBy(group => group.First().Cause == LeftAloneCause.TooSmall) // these say the least
            .ThenByDescending(group => group.Count())
            .Take(3)
            .Select(group => $"{group.First().Weight.Name}: {group.Key}{(group.Count() > 1 ? $" (and {group.Count() - 1} more)" : "")}"));
        return new BadInputException(
            $"{spec.Name}: found no weight to compress among {leftAlone.Count}, expected at least one{(reasons.Length > 0 ? "; " + reasons : "")}{(leftAlone.Exists(entry => !entry.Weight.IsPlain) ? "; 'sweep decompress' makes a plain model of a compressed one" : "")}.");
    }
}
