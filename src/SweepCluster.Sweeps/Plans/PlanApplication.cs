using System.Collections.Concurrent;
using SweepCluster.Compression;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;
using SweepCluster.Sweeps.Spaces;

namespace SweepCluster.Sweeps.Plans;

/// <summary>Compresses a model's weights as a plan says.</summary>
public static class PlanApplication
{
    /// <summary>Compresses every layer that the plan names.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="graph">The model.</param>
    /// <param name="target">Deployment target; decides how devices decode.</param>
    /// <param name="threads">Layers compressed at the same time; the result does not depend on it.</param>
    /// <param name="keep">Receives every finished weight and gives what stands for it from then on: the same, or one that lies outside memory. Called by several threads.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The compressed weights by name, and the layers whose values no scheme of the plan can take (NaN, infinity).</returns>
    public static (IReadOnlyDictionary<string, CompressedWeight> Replacements, IReadOnlyList<Refusal> Failures) Apply(
        Plan plan, Graph graph, ModelTarget target, int threads, Func<CompressedWeight, CompressedWeight> keep, CancellationToken cancellationToken)
    {
        ConcurrentDictionary<string, CompressedWeight> replacements = new(StringComparer.Ordinal);
        ConcurrentDictionary<string, Refusal> failures = new(StringComparer.Ordinal);
        Weight[] layers = [.. graph.Weights.Where(weight => plan.Schemes.ContainsKey(weight.Name))];
        LayerSchedule schedule = new(threads, cancellationToken);
        schedule.Run(layers, (weight, within) =>
        {
            Scheme scheme = plan.Schemes[weight.Name];
            try
            {
                replacements[weight.Name] = keep(Compressors.Compress(new PreparedWeight(weight), scheme, new CompressOptions(target.Arithmetic, within), cancellationToken));
            }
            catch (SchemeNotApplicableException fault)
            {
                failures[weight.Name] = new Refusal(weight.Name, scheme, fault.Reason);
            }
        });
        return (replacements, [.. graph.Weights.Where(weight => failures.ContainsKey(weight.Name)).Select(weight => failures[weight.Name])]);
    }
}
