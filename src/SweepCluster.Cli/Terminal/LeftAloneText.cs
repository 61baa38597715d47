using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Cli.Terminal;

/// <summary>Says which weights a command left as they are, and why.</summary>
internal static class LeftAloneText
{
    private const int MostNames = 3;

    /// <summary>A line for each reason, those of most bytes first; then one on what to do where weights are compressed already.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="leftAlone">Names of weights with the reason.</param>
    internal static IEnumerable<string> Lines(Graph graph, IReadOnlyCollection<(string Layer, string Reason)> leftAlone)
    {
        Dictionary<string, Weight> weights = graph.Weights.ToDictionary(weight => weight.Name, StringComparer.Ordinal);
        (string Reason, Weight[] Weights)[] groups = [.. leftAlone.GroupBy(entry => entry.Reason, entry => weights[entry.Layer]).Select(group => (group.Key, group.ToArray()))];
        foreach ((string reason, Weight[] those) in groups.OrderByDescending(group => Bytes(group.Weights)).ThenBy(group => group.Reason, StringComparer.Ordinal))
        {
            yield return $"left alone: {Quantity.Count(those.Length, "weight")}, {ByteSize.Write(Bytes(those))}: {reason} ({Quantity.Names([.. those.Select(weight => $"'{weight.Name}'")], MostNames)})";
        }

        int compressed = leftAlone.Count(entry => !weights[entry.Layer].IsPlain);
        if (compressed > 0)
        {
            yield return $"note: {Quantity.Count(compressed, "weight")} of {graph.Source} {(compressed == 1 ? "is" : "are")} compressed already; 'sweep decompress' first, to compress what it writes another way";
        }
    }

    private static long Bytes(IEnumerable<Weight> weights) => weights.Sum(weight => weight.Stored.PayloadBytes);
}
