using System.Collections.Immutable;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Frontiers;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Reports.Tests.Sample;

/// <summary>Builds a summary that looks like a real sweep of ResNet-20: 20 layers, 30 schemes, 45 trials, one failed, refused pairs. Values follow smooth laws plus seeded noise.</summary>
internal static class SampleSummary
{
    internal const double BaselineTop1 = 0.873;

    internal static ImmutableArray<Scheme> Schemes { get; } =
    [
        .. from bits in new[] { 1, 2, 3, 4, 6, 8 } from size in new[] { 0, 16 } select (Scheme)new PalettizeScheme(bits, size),
        .. from type in new[] { ElementType.Int8, ElementType.UInt8, ElementType.Int4, ElementType.UInt4 }
           from granularity in new[] { QuantizeGranularity.PerTensor, QuantizeGranularity.PerChannel, QuantizeGranularity.PerBlock }
           select (Scheme)new QuantizeScheme(type, type is ElementType.Int8 or ElementType.Int4, granularity, granularity == QuantizeGranularity.PerBlock ? 32 : 0),
        .. from sparsity in new[] { 0.25, 0.4, 0.5, 0.6, 0.75, 0.9 } select (Scheme)new MagnitudePruneScheme(sparsity),
    ];

    internal static SweepSummary Create(int seed = 7)
    {
        Random random = new(seed);
        ImmutableArray<LayerSummary> layers = Layers();
        List<(Plan Plan, double Damage)> plans = [.. Schemes.Select(scheme => (Plan.Create(PlanKind.Uniform, scheme.Label, layers.Select(layer => KeyValuePair.Create(layer.Name, scheme))), layers.Sum(layer => Damage(layer, scheme))))];
        for (int step = 0; step < 14; step++)
        {
            plans.Add(Mixed(layers, step));
        }

        plans.Add((Plan.Create(PlanKind.Given, "mine", layers.Take(10).Select(layer => KeyValuePair.Create(layer.Name, Schemes[6]))), 0.004));
        List<TrialSummary> trials = [];
        foreach ((Plan plan, double damage) in plans)
        {
            long size = 29_000 + layers.Sum(layer => plan.Schemes.TryGetValue(layer.Name, out Scheme? scheme) ? Payload(layer, scheme) : layer.Bytes);
            double top1 = Math.Max(0.1, BaselineTop1 - damage + ((random.NextDouble() - 0.5) * 0.003));
            bool failed = plan.Label == "u4a/b32";
            trials.Add(Trial(plan.Id, plan.Label, plan.Kind, plan.Schemes.ToImmutableSortedDictionary(entry => entry.Key, entry => entry.Value.Canonical, StringComparer.Ordinal),
                size, failed ? null : top1, 1000, failed ? "scale is not finite in layer stage3.2.conv2.weight" : null));
        }

        TrialSummary baseline = Trial(Plan.Baseline.Id, "baseline", PlanKind.Baseline, ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal), BaselineSize, BaselineTop1, 1000, null)
            with
        { Confirm = Metrics(0.8705, 0, 1000) };
        return Finish(layers, baseline, trials, random);
    }

    internal const long BaselineSize = 571_000;

    internal static MetricSummary Metrics(double top1, double drop, long samples) => new(
        ImmutableSortedDictionary.CreateRange<string, Estimate>(StringComparer.Ordinal,
        [
            new("top1", Share(top1, 1.96 * Math.Sqrt(top1 * (1 - top1) / samples), samples)),
            new("top5", Share(Math.Min(0.998, 0.9 + (top1 / 10)), 0.008, samples)),
            new("agreement", Share(Math.Max(0.1, 1 - (2.2 * Math.Abs(drop))), 0.012, samples)),
            new("kl", Around(Math.Abs(drop) * 1.7, Math.Abs(drop) * 0.2, samples)),
        ]),
        Around(drop, drop == 0 ? 0 : 0.004 + (Math.Abs(drop) * 0.12), samples));

    private static SweepSummary Finish(ImmutableArray<LayerSummary> layers, TrialSummary baseline, List<TrialSummary> trials, Random random)
    {
        bool[] front = Frontier.Mark(
            [.. trials.Prepend(baseline).Select(trial => trial.SizeBytes)], [.. trials.Prepend(baseline).Select(trial => trial.Choice?.Values["top1"].Value ?? double.NaN)]);
        for (int index = 0; index < trials.Count; index++)
        {
            TrialSummary trial = trials[index];
            bool beats = trial.Kind == PlanKind.Mixed && trial.Choice is not null && !trials.Any(other => other.Kind == PlanKind.Uniform && other.Choice is not null
                && other.SizeBytes <= trial.SizeBytes && other.Choice.Values["top1"].Value >= trial.Choice.Values["top1"].Value);
            trials[index] = trial with
            {
                OnFrontier = front[index + 1],
                BeatsUniform = beats,
                Confirm = front[index + 1] && trial.Choice!.Drop.Value < 0.05 ? Metrics(0.8705 - trial.Choice.Drop.Value - 0.001, trial.Choice.Drop.Value + 0.001, 1000) : null,
            };
        }

        TrialSummary[] confirmed = [.. trials.Where(trial => trial.Confirm is not null).OrderBy(trial => trial.Confirm!.Drop.High)];
        TrialSummary[] proven = [.. confirmed.TakeWhile(trial => trial.Confirm!.Drop.High <= 0.01)];
        return new SweepSummary
        {
            Name = "quickstart",
            Provenance = new Provenance("0.1.0", "ResNet20.mlpackage", new string('a', 64), "Core ML package, iOS18", "iOS18", "test-2000.npz", new string('b', 64),
                42, 256, 1000, 1000, "model: ResNet20.mlpackage\ndata: test-2000.npz\nobjective:\n  metric: top1\n  max_drop: 0.01\n"),
            Metric = "top1",
            Higher = true,
            MaxDrop = 0.01,
            Baseline = baseline with { OnFrontier = front[0] },
            Trials = [.. trials],
            Recommendation = new Recommendation(proven.MinBy(trial => trial.SizeBytes)?.Id, null,
                "Proven on 1,000 samples that the choice did not see: with 97.5 % confidence its drop is below the goal. The next smaller plan was tested and is not proven.",
                [.. confirmed.Take(proven.Length + 1).Select(trial => trial.Id)]),
            Layers = layers,
            Schemes = [.. Schemes.Select(scheme => new SchemeSummary(scheme.Canonical, scheme.Label, scheme.Family))],
            Sensitivities = Sensitivities(layers, random),
            LeftAlone =
            [
                new("conv1.weight", "[16, 3, 3, 3]", 432, "432 elements, the threshold is 2048"),
                new("fc.weight", "[10, 64]", 640, "640 elements, the threshold is 2048"),
                new("fc.bias", "[10]", 10, "no scheme takes one dimension"),
            ],
            Notices = ["Not validated on a device: accuracy was measured by SweepCluster's own arithmetic on the values the device decodes."],
        };
    }

    private static ImmutableArray<SensitivitySummary> Sensitivities(ImmutableArray<LayerSummary> layers, Random random) =>
    [
        .. from layer in layers
           from scheme in Schemes
           let refused = scheme is PalettizeScheme { GroupSize: 16 } && layer.Name.EndsWith("downsample", StringComparison.Ordinal)
           let damage = Damage(layer, scheme) * (0.7 + (0.6 * random.NextDouble()))
           select refused
               ? new SensitivitySummary(layer.Name, scheme.Canonical, null, null, null, null, null, "groups of 16 do not divide the 24 output channels")
               : new SensitivitySummary(layer.Name, scheme.Canonical, Payload(layer, scheme), 10 * Math.Log10(1 / Math.Max(1e-7, damage)),
                   Around(damage * 1.6, damage * 0.3, 256), Around(damage * 0.8, 0.01, 256), Share(1 - Math.Min(0.8, damage * 2), 0.01, 256), null),
    ];

    private static TrialSummary Trial(
        string id, string label, PlanKind kind, ImmutableSortedDictionary<string, string> schemes, long size, double? top1, long samples, string? failure) => new()
        {
            Id = id,
            Label = label,
            Kind = kind,
            Schemes = schemes,
            SizeBytes = size,
            CompressionRatio = BaselineSize / (double)size,
            WeightsHash = new string('c', 64),
            Choice = top1 is { } value ? Metrics(value, BaselineTop1 - value, samples) : null,
            Confirm = null,
            OnFrontier = false,
            BeatsUniform = false,
            Failure = failure,
        };

    private static (Plan Plan, double Damage) Mixed(ImmutableArray<LayerSummary> layers, int step)
    {
        double price = Math.Pow(10, -5.6 - (step * 0.22)); // damage accepted for a byte
        Dictionary<string, Scheme> chosen = layers.ToDictionary(layer => layer.Name, layer => Schemes.MinBy(scheme => Damage(layer, scheme) + (price * Payload(layer, scheme)))!);
        return (Plan.Create(PlanKind.Mixed, $"mixed-{step + 1:00}", chosen), layers.Sum(layer => Damage(layer, chosen[layer.Name])));
    }

    private static ImmutableArray<LayerSummary> Layers() =>
    [
        .. from stage in new[] { 1, 2, 3 }
           from block in new[] { 0, 1, 2 }
           from name in stage > 1 && block == 0 ? new[] { "conv1", "conv2", "downsample" } : ["conv1", "conv2"]
           let width = 8 << stage
           let kernel = name == "downsample" ? 1 : 9
           let elements = (long)width * width * kernel
           select new LayerSummary($"stage{stage}.{block}.{name}.weight".Replace("downsample.weight", "downsample", StringComparison.Ordinal), "conv",
               $"[{width}, {width}, {(kernel == 9 ? "3, 3" : "1, 1")}]", "float16", elements, elements * 2),
    ];

    private static double Damage(LayerSummary layer, Scheme scheme)
    {
        double bits = Bits(scheme);
        double fine = scheme is PalettizeScheme { GroupSize: > 0 } or QuantizeScheme { Granularity: QuantizeGranularity.PerBlock } ? 0.5 : scheme is QuantizeScheme { Granularity: QuantizeGranularity.PerTensor } ? 2.5 : 1;
        double weight = 0.4 + (layer.Name.Sum(letter => letter * 31) % 17 / 8.0);
        return 0.9 * weight * fine * Math.Pow(2, -1.9 * bits) / 8 * (scheme is PalettizeScheme ? 1 : 2.2);
    }

    private static long Payload(LayerSummary layer, Scheme scheme) => (long)(layer.Elements * Math.Ceiling(Bits(scheme)) / 8) + scheme switch
    {
        PalettizeScheme { GroupSize: > 0 } grouped => (1 << grouped.Bits) * 2 * 3,
        PalettizeScheme palette => (1 << palette.Bits) * 2,
        QuantizeScheme { Granularity: QuantizeGranularity.PerBlock } => layer.Elements / 16,
        PruneScheme => layer.Elements / 8,
        _ => 64,
    };

    private static double Bits(Scheme scheme) => scheme switch
    {
        PalettizeScheme palette => palette.Bits,
        QuantizeScheme quantized => quantized.CodeType is ElementType.Int8 or ElementType.UInt8 ? 7.5 : 3.6,
        MagnitudePruneScheme prune => 16 * (1 - prune.TargetSparsity) * (1 - (0.35 * prune.TargetSparsity)),
        _ => 16,
    };

    private static Estimate Share(double value, double half, long samples) => new(value, Math.Max(0, value - half), Math.Min(1, value + half), samples);

    private static Estimate Around(double value, double half, long samples) => new(value, value - half, value + half, samples);
}
