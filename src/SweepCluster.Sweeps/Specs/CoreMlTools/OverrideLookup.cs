using System.Collections.Immutable;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Sweeps.Specs.CoreMlTools;

/// <summary>coremltools' order of lookup for what is to be done with a weight: its own name, then the name of the operation that reads it, then that operation's type, then what holds for all.</summary>
/// <remarks>A weight that operations with different settings read is an error, as there. Source: coremltools, <c>OptimizationConfig._get_const_op_config</c>.</remarks>
internal static class OverrideLookup
{
    /// <summary>Where a setting came from.</summary>
    /// <param name="Setting">The setting.</param>
    /// <param name="Origin">Its section and key, as <c>op_type_configs: linear</c>; null for what holds for all.</param>
    /// <param name="Node">The operation that it was found for; null where the weight's own name decided.</param>
    public sealed record Found<T>(T Setting, string? Origin, string? Node);

    /// <summary>Looks a weight up.</summary>
    /// <param name="weight">The weight.</param>
    /// <param name="byName">Settings by name of a weight or operation.</param>
    /// <param name="byType">Settings by operation type.</param>
    /// <param name="global">What holds for all others.</param>
    /// <param name="same">Whether two settings mean the same.</param>
    /// <returns>One finding; or the first and the one that contradicts it.</returns>
    public static ImmutableArray<Found<T>> Find<T>(
        Weight weight, IReadOnlyDictionary<string, T> byName, IReadOnlyDictionary<string, T> byType, T global, Func<T, T, bool> same)
    {
        if (byName.TryGetValue(weight.Name, out T? own))
        {
            return [new(own, $"op_name_configs: {weight.Name}", null)];
        }

        ImmutableArray<Found<T>> found = [.. weight.Uses.Select(use =>
            byName.TryGetValue(use.Node, out T? named) ? new Found<T>(named, $"op_name_configs: {use.Node}", use.Node)
            : byType.TryGetValue(use.OpType, out T? typed) ? new Found<T>(typed, $"op_type_configs: {use.OpType}", use.Node)
            : new Found<T>(global, null, use.Node))];
        Found<T>? other = found.FirstOrDefault(candidate => !same(candidate.Setting, found[0].Setting));
        return other is null ? [found[0]] : [found[0], other];
    }
}
