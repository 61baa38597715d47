using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Sweeps.Comparison;

/// <summary>Finds which weights of two graphs are the same one: by name, then by what reads them, by what they hold, and at last by position among as many of one shape.</summary>
internal sealed class WeightMatching
{
    private readonly Dictionary<Weight, (Weight Weight, WeightMatch By)> _pairs = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Weight> _taken = new(ReferenceEqualityComparer.Instance);

    /// <summary>Matches the weights of two graphs.</summary>
    /// <param name="left">The first.</param>
    /// <param name="right">The second.</param>
    /// <param name="operations">Operations that are the same one in both, by index.</param>
    internal WeightMatching(Graph left, Graph right, IReadOnlyList<(int Left, int Right)> operations)
    {
        Match(Unique(left.Weights, weight => PlainNames.Of(weight.Name)), Unique(right.Weights, weight => PlainNames.Of(weight.Name)), WeightMatch.Name);
        foreach ((Operand before, Operand after) in operations.SelectMany(pair => Operands(left.Nodes[pair.Left], right.Nodes[pair.Right])))
        {
            if (before is Operand.Parameter was && after is Operand.Parameter now)
            {
                Add(was.Source, now.Source, WeightMatch.Reader);
            }
        }

        Match(
            Unique(left.Weights.Where(weight => !_pairs.ContainsKey(weight)), weight => weight.Hash),
            Unique(right.Weights.Where(weight => !_taken.Contains(weight)), weight => weight.Hash),
            WeightMatch.Content);
        ILookup<string, Weight> rest = right.Weights.Where(weight => !_taken.Contains(weight)).ToLookup(ShapeOf, StringComparer.Ordinal);
        foreach (IGrouping<string, Weight> alike in left.Weights.Where(weight => !_pairs.ContainsKey(weight)).GroupBy(ShapeOf, StringComparer.Ordinal))
        {
            Weight[] others = [.. rest[alike.Key]];
            foreach ((Weight weight, Weight other) in alike.Count() == others.Length ? alike.Zip(others) : [])
            {
                Add(weight, other, WeightMatch.Position);
            }
        }
    }

    /// <summary>The second's weight that is the same as one of the first's, and by what it was found; null where there is none.</summary>
    internal (Weight Weight, WeightMatch By)? Of(Weight left) => _pairs.TryGetValue(left, out (Weight, WeightMatch) found) ? found : null;

    /// <summary>Whether a weight of the second is the same as one of the first's.</summary>
    internal bool IsTaken(Weight right) => _taken.Contains(right);

    /// <summary>Whether values of two shapes stand in one order: extents of 1 apart, they are the same.</summary>
    internal static bool IsComparable(Shape left, Shape right) => left.Extents.Where(extent => extent != 1).SequenceEqual(right.Extents.Where(extent => extent != 1));

    private static string ShapeOf(Weight weight) => string.Join(',', weight.Shape.Extents.Where(extent => extent != 1));

    private static Dictionary<string, Weight> Unique(IEnumerable<Weight> weights, Func<Weight, string> key) => weights
        .GroupBy(key, StringComparer.Ordinal)
        .Where(group => group.Count() == 1)
        .ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);

    private void Match(Dictionary<string, Weight> left, Dictionary<string, Weight> right, WeightMatch by)
    {
        foreach ((string key, Weight weight) in left)
        {
            if (right.TryGetValue(key, out Weight? other))
            {
                Add(weight, other, by);
            }
        }
    }

    // A name may have come to stand for something else: then what reads the weight tells more.
    private void Add(Weight left, Weight right, WeightMatch by)
    {
        if (!_pairs.ContainsKey(left) && !_taken.Contains(right) && IsComparable(left.Shape, right.Shape))
        {
            _pairs.Add(left, (right, by));
            _taken.Add(right);
        }
    }

    private static IEnumerable<(Operand Left, Operand Right)> Operands(Node left, Node right) => left.Inputs
        .Where(input => right.Inputs.TryGetValue(input.Key, out var others) && others.Length == input.Value.Length)
        .SelectMany(input => input.Value.Zip(right.Inputs[input.Key]));
}
