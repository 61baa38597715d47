namespace SweepCluster.Graphs;

/// <summary>Writing that nobody stops.</summary>
public static class ModelWriting
{
    /// <summary>Writes a model as <see cref="IModelFormat.Write"/> does.</summary>
    public static void Write(this IModelFormat format, Graph graph, IReadOnlyDictionary<string, Weights.CompressedWeight> replacements, ModelTarget target, string path) =>
        format.Write(graph, replacements, target, path, CancellationToken.None);
}
