using System.Collections.Concurrent;
using SweepCluster.Compression;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;
using SweepCluster.Sweeps.Spaces;

namespace SweepCluster.Sweeps.Plans;

/// <summary>Compresses a model's weights as a plan says, all at once and in memory.</summary>
public static class PlanApplication
{
    /// <summary>Compresses every layer that the plan names.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="graph">The model.</param>
    /// <param name="target">Deployment target; decides how devices decode.</param>
    /// <param name="threads">Layers compressed at the same time; the result does not depend on it.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The compressed weights by name, and the layers whose values no scheme of the plan can take (NaN, infinity).</returns>
    public static (IReadOnlyDictionary<string, CompressedWeight> Replacements, IReadOnlyList<Refusal> Failures) Apply(
        Plan plan, Graph graph, ModelTarget target, int threads, CancellationToken cancellationToken)
    {
        ConcurrentDictionary<string, CompressedWeight> replacements = new(StringComparer.Ordinal);
        ConcurrentDictionary<string, Refusal> failures = new(StringComparer.Ordinal);
        Weight[] layers = [.. graph.Weights.Where(weight => plan.Schemes.ContainsKey(weight.Name))];
        CompressOptions options = new(target.Arithmetic, Math.Max(1, threads / Math.Max(1, layers.Length))); // threads that no layer takes help within layers
        Parallel.ForEach(layers, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, weight =>
        {
            Scheme scheme = plan.Schemes[weight.Name];
            try
            {
                replacements[weight.Name] = Compressors.Compress(new PreparedWeight(weight), scheme, options, cancellationToken);
            }
            catch (SchemeNotApplicableException fault)
            {
                failures[weight.Name] = new Refusal(weight.Name, scheme, fault.Reason);
            }
        });
        return (replacements, [.. graph.Weights.Where(weight => failures.ContainsKey(weight.Name)).Select(weight => failures[weight.Name])]);
    }
}
