using System.Globalization;
using SweepCluster.Numerics.Elementwise;
using SweepCluster.Sweeps.Plans;

namespace SweepCluster.Sweeps.Search;

/// <summary>Takes plans out of a sequence, each once.</summary>
/// <param name="path">The sequence.</param>
/// <param name="known">Plans that were proposed before.</param>
/// <param name="made">How many of them are mixed: labels go on from there.</param>
internal sealed class PlanPicker(PlanPath path, IEnumerable<Plan> known, int made)
{
    private readonly HashSet<string> _known = [.. known.Select(plan => plan.Id).Append(Plan.Baseline.Id)];
    private readonly HashSet<int> _passed = [];
    private readonly List<Plan> _picked = [];

    /// <summary>What was taken, in order.</summary>
    public IReadOnlyList<Plan> Picked => _picked;

    /// <summary>Takes the plan whose bytes are nearest to a target, on the logarithmic scale, among those that are new.</summary>
    /// <param name="first">First number to consider.</param>
    /// <param name="last">Last number to consider.</param>
    /// <param name="logBytes">Natural logarithm of the wanted bytes.</param>
    /// <returns>The number of the plan, or null where there is no new one.</returns>
    public int? TryPick(int first, int last, double logBytes)
    {
        foreach (int steps in Enumerable.Range(first, Math.Max(0, Math.Min(last, path.Last) - first + 1))
            .Where(steps => !_passed.Contains(steps))
            .OrderBy(steps => Math.Abs(PortableMath.Log(path.Bytes[steps]) - logBytes)))
        {
            _passed.Add(steps);
            Plan plan = Plan.Create(PlanKind.Mixed, string.Create(CultureInfo.InvariantCulture, $"mixed-{made + _picked.Count + 1:00}"), path.SchemesAt(steps));
            if (_known.Add(plan.Id))
            {
                _picked.Add(plan);
                return steps;
            }
        }

        return null;
    }
}
