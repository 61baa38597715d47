using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using SweepCluster.Compression;
using SweepCluster.Formats;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;
using SweepCluster.Sweeps.Spaces;
using SweepCluster.Sweeps.Specs;

namespace SweepCluster.Engine.Sessions;

/// <summary>A sweep's model, opened: the graph, the target, the expanded space. Needs no data.</summary>
internal sealed class SweepModel
{
    private readonly ConcurrentDictionary<Weight, Lazy<float[]>> _values = new();

    private SweepModel(SweepSpec spec, IModelFormat format, Graph graph, ModelTarget target, SweepSpace space, string hash)
    {
        Spec = spec;
        Format = format;
        Graph = graph;
        Target = target;
        Space = space;
        Hash = hash;
        Weights = graph.Weights.ToImmutableDictionary(weight => weight.Name, StringComparer.Ordinal);
        Elements = graph.Weights.Sum(weight => weight.Shape.ElementCount);
        BaselineBytes = format.Measure(graph, ImmutableDictionary<string, CompressedWeight>.Empty, target);
    }

    /// <summary>Version of the program, part of a sweep's identity: <c>0.1.0</c>.</summary>
    internal static string Version { get; } = typeof(SweepModel).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    internal SweepSpec Spec { get; }

    internal IModelFormat Format { get; }

    internal Graph Graph { get; }

    internal ModelTarget Target { get; }

    internal SweepSpace Space { get; }

    /// <summary>SHA-256 of the model's files.</summary>
    internal string Hash { get; }

    /// <summary>The graph's weights by name.</summary>
    internal ImmutableDictionary<string, Weight> Weights { get; }

    /// <summary>Elements of all weights.</summary>
    internal long Elements { get; }

    /// <summary>Bytes of the untouched model, written for the target.</summary>
    internal long BaselineBytes { get; }

    /// <summary>What a person should know of the model and its target.</summary>
    internal ImmutableArray<string> Notices => Target.Notice is null ? [] : [$"{Target.Name}: {Target.Notice}."];

    /// <summary>Reads the model and expands the space.</summary>
    /// <exception cref="BadInputException">Either cannot be done.</exception>
    internal static SweepModel Open(SweepSpec spec)
    {
        IModelFormat format = ModelFormats.For(spec.Model);
        string hash = ModelHash.Of(spec.Model);
        Graph graph = format.Read(spec.Model);
        ModelTarget target = format.ResolveTarget(graph, spec.Target);
        return new SweepModel(spec, format, graph, target, SpaceExpander.Expand(spec, graph, format, target, new SchemeRefusals(target.Arithmetic).Of), hash);
    }

    /// <summary>The values that a device sees of a weight as the file stores it, row-major. Decoded once.</summary>
    internal ReadOnlyMemory<float> ValuesOf(Weight weight) =>
        _values.GetOrAdd(weight, static unread => new Lazy<float[]>(() => Decompressor.ToFloat32(unread.Stored))).Value;
}
