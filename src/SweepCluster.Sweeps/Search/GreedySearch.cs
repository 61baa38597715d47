using SweepCluster.Numerics.Elementwise;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Summaries;
using SweepCluster.Sweeps.Trials;

namespace SweepCluster.Sweeps.Search;

/// <summary>Proposes mixed plans from what each layer's schemes cost when only that layer is compressed.</summary>
/// <remarks><para>The probes give, for each layer, points of bytes and damage. From their lower convex hulls marginal analysis makes one nested sequence of plans
/// (<see cref="PlanPath"/>), each the best for its bytes if damages add up. Which of them are measured: in the first round half of the budget, evenly spaced on the
/// logarithm of the model's bytes, from where the predicted divergence begins to be noticed (0.0005 nats) to where a classifier breaks (0.25 nats; on ResNet-20 and
/// CIFAR-10, the sum of the probes is within a fifth of the measured divergence up to 0.02 nats, half of it at 0.1, and a third of the right answers is lost at 0.3).
/// Then two rounds of a quarter each divide what the measurements leave open: in turns the stretch where the upper bound of the drop crosses the accepted one, and the
/// stretch between neighbours whose rectangle in log bytes and loss is largest, counted the less the more is lost at its better end.</para>
/// <para>Source: Y. Shoham, A. Gersho, IEEE Trans. ASSP 36 (1988) 1445. Deterministic; reads recorded results alone.</para></remarks>
/// <param name="plans">Mixed plans to propose in all.</param>
public sealed class GreedySearch(int plans) : ISearch
{
    private const double NoticedNats = 0.0005;
    private const double BrokenNats = 0.25;
    private const double UsualDrop = 0.02; // where no drop is stated: two points of accuracy

    /// <inheritdoc/>
    public IReadOnlyList<Plan> Propose(SearchState state)
    {
        int made = state.Plans.Count(plan => plan.Kind == PlanKind.Mixed);
        if (made >= plans)
        {
            return [];
        }

        PlanPath path = PlanPath.Build(state);
        PlanPicker picker = new(path, state.Plans, made);
        if (made == 0)
        {
            Spread(path, picker, (plans + 1) / 2);
        }
        else
        {
            Refine(path, picker, state, Math.Min(plans - made, Math.Max(1, plans / 4)));
        }

        return picker.Picked;
    }

    private static void Spread(PlanPath path, PlanPicker picker, int count)
    {
        int first = 1, last = path.Last;
        while (path.IsNats && last > count && path.Damages[last] > BrokenNats)
        {
            last--;
        }

        while (path.IsNats && first + count <= last && path.Damages[first + 1] < NoticedNats)
        {
            first++;
        }

        if (first > last)
        {
            return;
        }

        double top = PortableMath.Log(path.Bytes[first]), reach = top - PortableMath.Log(path.Bytes[last]);
        for (int i = 0; i < count; i++)
        {
            picker.TryPick(first, last, count == 1 ? top - reach : top - (reach * i / (count - 1)));
        }
    }

    private static void Refine(PlanPath path, PlanPicker picker, SearchState state, int count)
    {
        List<FrontierGap> gaps = FindGaps(path, state);
        for (int i = 0; picker.Picked.Count < count && gaps.Count > 0; i++)
        {
            IEnumerable<FrontierGap> crossing = gaps.Where(gap => gap.Crosses);
            FrontierGap gap = i % 2 == 0 && crossing.Any()
                ? crossing.MaxBy(candidate => candidate.Width(path))!
                : gaps.MaxBy(candidate => candidate.Area(path))!;
            gaps.Remove(gap);
            if (picker.TryPick(gap.From + 1, gap.To - 1, gap.Middle(path)) is int picked)
            {
                gaps.AddRange(gap.Split(picked));
            }
        }
    }

    // Stretches between neighbouring measured plans of the sequence. The untouched model counts as measured, its drop is 0.
    private static List<FrontierGap> FindGaps(PlanPath path, SearchState state)
    {
        TrialResult? baseline = state.Trials.GetValueOrDefault(Plan.Baseline.Id);
        SortedDictionary<int, Estimate> drops = new() { [0] = new Estimate(0, 0, 0, 0) };
        foreach (Plan plan in state.Plans)
        {
            if (path.Find(plan) is > 0 and int steps && state.Trials.TryGetValue(plan.Id, out TrialResult? trial)
                && TrialMetrics.Summarize(trial, baseline, state.Spec.Objective) is MetricSummary { Drop: Estimate drop })
            {
                drops[steps] = drop;
            }
        }

        double accepted = state.Spec.Objective.MaxDrop ?? double.NaN;
        double scale = state.Spec.Objective.MaxDrop is > 0 and double stated ? 2 * stated : UsualDrop;
        List<KeyValuePair<int, Estimate>> points = [.. drops];
        List<FrontierGap> gaps = [.. points.Zip(points.Skip(1), (left, right) => new FrontierGap(
            left.Key, right.Key, Scaled(left.Value.Value, scale), Scaled(right.Value.Value, scale), left.Value.High <= accepted && right.Value.High > accepted))];

        // Everything measured is within the accepted drop: the crossing lies in what is left of the sequence.
        if (points[^1].Value.High <= accepted && points[^1].Key < path.Last)
        {
            gaps.Add(new FrontierGap(points[^1].Key, path.Last + 1, Scaled(points[^1].Value.Value, scale), 1, Crosses: true));
        }

        return gaps;
    }

    // 0 at no loss, towards 1 at losses far beyond what anybody accepts: what happens there matters less and less.
    private static double Scaled(double drop, double scale) => Math.Max(0, drop) / (Math.Max(0, drop) + scale);
}
