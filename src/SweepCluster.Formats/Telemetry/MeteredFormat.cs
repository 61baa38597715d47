using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Formats.Telemetry;

/// <summary>A format that counts what is read and written through it.</summary>
internal sealed class MeteredFormat(IModelFormat inner) : IModelFormat
{
    /// <inheritdoc/>
    public string Name => inner.Name;

    /// <inheritdoc/>
    public bool Recognizes(string path) => inner.Recognizes(path);

    /// <inheritdoc/>
    public Graph Read(string path)
    {
        Graph graph = inner.Read(path);
        FormatMetrics.Count(FormatMetrics.Read, inner.Name, path);
        return graph;
    }

    /// <inheritdoc/>
    public ModelTarget ResolveTarget(Graph graph, string? requested) => inner.ResolveTarget(graph, requested);

    /// <inheritdoc/>
    public string? Refuses(Scheme scheme, ModelTarget target) => inner.Refuses(scheme, target);

    /// <inheritdoc/>
    public string? Refuses(Graph graph, Weight weight, Scheme scheme, ModelTarget target) => inner.Refuses(graph, weight, scheme, target);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, CompressedWeight> Complete(Graph graph, IReadOnlyDictionary<string, CompressedWeight> replacements, ModelTarget target) =>
        inner.Complete(graph, replacements, target);

    /// <inheritdoc/>
    public long Measure(Graph graph, IReadOnlyDictionary<string, CompressedWeight> replacements, ModelTarget target) => inner.Measure(graph, replacements, target);

    /// <inheritdoc/>
    public string? Warns(Graph graph, IReadOnlyDictionary<string, CompressedWeight> replacements, ModelTarget target) => inner.Warns(graph, replacements, target);

    /// <inheritdoc/>
    public void Write(Graph graph, IReadOnlyDictionary<string, CompressedWeight> replacements, ModelTarget target, string path, CancellationToken cancellationToken)
    {
        inner.Write(graph, replacements, target, path, cancellationToken);
        FormatMetrics.Count(FormatMetrics.Written, inner.Name, path);
    }

    /// <inheritdoc/>
    public Float16Program ToFloat16(Graph graph, Func<CompressedWeight, CompressedWeight>? keep) => inner.ToFloat16(graph, keep);
}
