using System.Collections.Immutable;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Sweeps.Cells;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Trials;

namespace SweepCluster.Sweeps.Search;

/// <summary>The nested sequence of plans that marginal analysis gives: from everything untouched, one step of one layer at a time, each time the one that costs
/// the least damage for each byte that it saves.</summary>
/// <remarks>Each plan on the way has the least sum of damages of all plans of at most its bytes whose layers lie on their hulls: it minimises damage + price * bytes
/// for the price at which the walk stands. That the damages of layers add up is an assumption; it holds to first order for small damages, and what is recommended
/// is measured anyway. Source: Y. Shoham, A. Gersho, "Efficient bit allocation for an arbitrary set of quantizers", IEEE Trans. ASSP 36 (1988) 1445;
/// B. Fox, "Discrete optimization via marginal analysis", Management Science 13 (1966) 210.</remarks>
internal sealed class PlanPath
{
    private readonly ImmutableArray<string> _layers;
    private readonly ImmutableArray<LayerMove> _moves;

    private PlanPath(ImmutableArray<string> layers, ImmutableArray<LayerMove> moves, ImmutableArray<long> bytes, ImmutableArray<double> damages, bool isNats)
    {
        _layers = layers;
        _moves = moves;
        Bytes = bytes;
        Damages = damages;
        IsNats = isNats;
    }

    /// <summary>Estimated bytes of the model after 0, 1, 2.. steps; falls strictly.</summary>
    public ImmutableArray<long> Bytes { get; }

    /// <summary>Sum of the layers' damages after 0, 1, 2.. steps.</summary>
    public ImmutableArray<double> Damages { get; }

    /// <summary>Whether damages are divergences in nats, from probes.</summary>
    public bool IsNats { get; }

    /// <summary>Number of the last plan.</summary>
    public int Last => _moves.Length;

    /// <summary>Builds the sequence from finished cells and probes.</summary>
    public static PlanPath Build(SearchState state)
    {
        ImmutableArray<LayerMove> moves = [.. state.Space.Layers
            .SelectMany((layer, number) => LayerHull.Walk(number, LayerOptions.Of(layer, state)))
            .OrderBy(move => move.Price) // stable: equal prices stay in the order of layers and, inside a layer, of its hull
            .ThenBy(move => move.Layer)];
        ImmutableArray<long>.Builder bytes = ImmutableArray.CreateBuilder<long>(moves.Length + 1);
        ImmutableArray<double>.Builder damages = ImmutableArray.CreateBuilder<double>(moves.Length + 1);
        bytes.Add(UntouchedBytes(state));
        damages.Add(0);
        foreach (LayerMove move in moves)
        {
            bytes.Add(bytes[^1] - move.BytesSaved);
            damages.Add(damages[^1] + move.DamageAdded);
        }

        return new PlanPath([.. state.Space.Layers.Select(layer => layer.Name)], moves, bytes.MoveToImmutable(), damages.MoveToImmutable(), state.Probes.Count > 0);
    }

    /// <summary>The schemes after a number of steps.</summary>
    public Dictionary<string, Scheme> SchemesAt(int steps)
    {
        Dictionary<string, Scheme> schemes = new(StringComparer.Ordinal);
        foreach (LayerMove move in _moves.AsSpan()[..steps])
        {
            schemes[_layers[move.Layer]] = move.To.Scheme;
        }

        return schemes;
    }

    /// <summary>Where a plan lies on the sequence; null where it does not.</summary>
    public int? Find(Plan plan)
    {
        Dictionary<string, Scheme> reached = new(StringComparer.Ordinal);
        int missing = plan.Schemes.Count; // layers that do not have the plan's scheme yet
        for (int steps = 0; ; steps++)
        {
            if (missing == 0 && reached.Count == plan.Schemes.Count)
            {
                return steps;
            }

            if (steps == Last)
            {
                return null;
            }

            string layer = _layers[_moves[steps].Layer];
            if (!plan.Schemes.TryGetValue(layer, out Scheme? wanted))
            {
                return null; // the sequence compresses what the plan leaves alone, and never takes that back
            }

            missing += reached.TryGetValue(layer, out Scheme? before) && before == wanted ? 1 : 0;
            reached[layer] = _moves[steps].To.Scheme;
            missing -= reached[layer] == wanted ? 1 : 0;
        }
    }

    // Bytes of the untouched model: the baseline's where it is measured, else what a finished trial's file and cells imply, else the layers alone.
    private static long UntouchedBytes(SearchState state)
    {
        if (state.Trials.TryGetValue(Plan.Baseline.Id, out TrialResult? baseline) && baseline.SizeBytes > 0)
        {
            return baseline.SizeBytes;
        }

        Dictionary<string, long> stored = state.Space.Layers.ToDictionary(layer => layer.Name, layer => layer.Weight.Stored.PayloadBytes, StringComparer.Ordinal);
        foreach (Plan plan in state.Plans)
        {
            if (state.Trials.TryGetValue(plan.Id, out TrialResult? trial) && trial.SizeBytes > 0)
            {
                return trial.SizeBytes + plan.Schemes.Sum(entry =>
                    state.Cells.TryGetValue((entry.Key, entry.Value.Canonical), out CellResult? cell) ? stored[entry.Key] - cell.PayloadBytes : 0);
            }
        }

        return stored.Values.Sum();
    }
}
