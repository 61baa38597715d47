using System.Collections.Immutable;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Sweeps.Cells;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Probes;
using SweepCluster.Sweeps.Search;
using SweepCluster.Sweeps.Spaces;
using SweepCluster.Sweeps.Specs;
using SweepCluster.Sweeps.Trials;

namespace SweepCluster.Sweeps.Tests.Fixtures;

/// <summary>A sweep whose cells, probes and trials follow from given figures instead of a network.</summary>
internal sealed class TestSweep
{
    public const long OverheadBytes = 1000;
    public const int Samples = 1000;

    private readonly Dictionary<(string, string), CellResult> _cells = [];
    private readonly Dictionary<(string, string), ProbeResult> _probes = [];
    private readonly Dictionary<string, TrialResult> _trials = [];
    private readonly List<Plan> _plans = [];
    private readonly SweepSpec _spec;
    private readonly SweepSpace _space;
    private readonly Dictionary<(string Layer, string Scheme), double> _damage = [];

    /// <summary>A sweep over layers of some elements under palettes of some bits.</summary>
    /// <param name="elements">Elements of each layer, a multiple of 64; stored as float16.</param>
    /// <param name="bits">Bits of the schemes.</param>
    /// <param name="damage">Divergence in nats by layer number and bits.</param>
    /// <param name="plans">Mixed plans to make.</param>
    /// <param name="maxDrop">Accepted drop of agreement.</param>
    /// <param name="probes">Whether layers are probed; else cells alone say what a scheme costs.</param>
    public TestSweep(int[] elements, int[] bits, Func<int, int, double> damage, int plans, double? maxDrop = null, bool probes = true)
    {
        ImmutableArray<Scheme> schemes = [.. bits.Select(width => new PalettizeScheme(width, 0))];
        _spec = SpecReading.Read(TemporarySpecs.Head + "schemes: [prune]\nobjective: {metric: agreement}") with
        {
            Schemes = schemes,
            Search = new SearchSpec(true, plans, probes),
            Objective = new ObjectiveSpec("agreement", true, maxDrop, [], TimeSpan.Zero),
        };
        ImmutableArray<Layer> layers = [.. elements.Select((count, number) => new Layer(TestGraph.Dense($"layer{number:00}", [64, count / 64]), schemes))];
        _space = new SweepSpace(layers, [], [], [.. schemes.Select(scheme =>
            Plan.Create(PlanKind.Uniform, scheme.Label, layers.Select(layer => KeyValuePair.Create(layer.Name, scheme))))]);
        for (int layer = 0; layer < elements.Length; layer++)
        {
            foreach (int width in bits)
            {
                (string, string) key = ($"layer{layer:00}", new PalettizeScheme(width, 0).Canonical);
                double cost = damage(layer, width);
                _damage[key] = cost;
                _cells[key] = new CellResult($"{key}", key.Item2, "blob", elements[layer] * width / 8, cost * 2, 2, 0, null);
                if (probes)
                {
                    _probes[key] = new ProbeResult(key.Item1, key.Item2, Tally(cost, 0), null);
                }
            }
        }

        Measure(Plan.Baseline);
    }

    /// <summary>What a search sees.</summary>
    public SearchState State => new(_spec, _space, _cells, _probes, [.. _plans], _trials);

    /// <summary>What a search may change and look at in tests of failures.</summary>
    public Dictionary<(string, string), CellResult> Cells => _cells;

    public Dictionary<(string, string), ProbeResult> Probes => _probes;

    /// <summary>Asks for rounds and measures them until there is none; returns what each proposed.</summary>
    public List<IReadOnlyList<Plan>> Run(ISearch search)
    {
        List<IReadOnlyList<Plan>> rounds = [];
        for (IReadOnlyList<Plan> round = search.Propose(State); round.Count > 0; round = search.Propose(State))
        {
            rounds.Add(round);
            foreach (Plan plan in round)
            {
                _plans.Add(plan);
                Measure(plan);
            }
        }

        return rounds;
    }

    public long BytesOf(Plan plan) => OverheadBytes + _space.Layers.Sum(layer =>
        plan.Schemes.TryGetValue(layer.Name, out Scheme? scheme) ? _cells[(layer.Name, scheme.Canonical)].PayloadBytes : layer.Weight.Stored.PayloadBytes);

    public double DamageOf(Plan plan) => plan.Schemes.Sum(entry => _damage[(entry.Key, entry.Value.Canonical)]);

    /// <summary>The share of answers that a plan changes: what its damages add up to, bent towards 1.</summary>
    public double LossOf(Plan plan) => 1 - Math.Exp(-DamageOf(plan));

    // The measured loss is what the damages say, so that a search that reads them right finds its way.
    private void Measure(Plan plan) => _trials[plan.Id] = new TrialResult(
        plan.Id, SampleRange.Choice, BytesOf(plan), "hash", Tally(DamageOf(plan), (int)Math.Round(LossOf(plan) * Samples)), ImmutableSortedDictionary<string, Estimate>.Empty, null);

    private static OutcomeTally Tally(double kl, int changed) => new()
    {
        Samples = Samples,
        Agreeing = Samples - changed,
        Kl = new ValueSums(kl * Samples, kl * kl * Samples),
    };
}
