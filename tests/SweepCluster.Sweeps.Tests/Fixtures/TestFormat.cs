using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Sweeps.Tests.Fixtures;

/// <summary>A format that only says which schemes it cannot write.</summary>
internal sealed class TestFormat(Func<Scheme, string?>? refuses = null) : IModelFormat
{
    public static ModelTarget Target { get; } = new("test17", DecodeArithmetic.Float32, null);

    public string Name => "test package";

    public bool Recognizes(string path) => throw new NotSupportedException();

    public Graph Read(string path) => throw new NotSupportedException();

    public ModelTarget ResolveTarget(Graph graph, string? requested) => Target;

    public string? Refuses(Scheme scheme, ModelTarget target) => refuses?.Invoke(scheme);

    public long Measure(Graph graph, IReadOnlyDictionary<string, CompressedWeight> replacements, ModelTarget target) => throw new NotSupportedException();

    public void Write(Graph graph, IReadOnlyDictionary<string, CompressedWeight> replacements, ModelTarget target, string path, CancellationToken cancellationToken) => throw new NotSupportedException();
}
