using System.Collections.Immutable;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Inference.Planning;

/// <summary>Numbers that a step needs in an order of its own, made from constants of the graph.</summary>
/// <param name="sources">What it is made from.</param>
/// <param name="pack">Makes it from the sources' values, in their order.</param>
internal sealed class Parameter(ImmutableArray<ParameterSource> sources, Func<ReadOnlyMemory<float>[], object> pack)
{
    /// <summary>What it is made from.</summary>
    public ImmutableArray<ParameterSource> Sources { get; } = sources;

    /// <summary>Its place among the network's parameters.</summary>
    public int Index { get; set; }

    /// <summary>Makes it.</summary>
    /// <exception cref="ArgumentException">A source has another number of values than its shape says.</exception>
    public object Pack(Func<Weight, ReadOnlyMemory<float>> values) => pack([.. Sources.Select(source => source.Read(values))]);

    /// <summary>Whether it is made from a weight of this name.</summary>
    public bool Reads(string weightName) => Sources.Any(source => source.Weight?.Name == weightName);
}
