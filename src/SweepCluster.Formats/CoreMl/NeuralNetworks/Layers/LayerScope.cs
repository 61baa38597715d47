using System.Collections.Immutable;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks.Layers;

/// <summary>One layer while it becomes nodes: what it reads, and the operations that stand for it.</summary>
/// <param name="network">The network so far.</param>
/// <param name="weights">Weights by layer.</param>
/// <param name="layer">The layer.</param>
/// <param name="place">Where it stands, for messages.</param>
internal sealed class LayerScope(NetworkBuilder network, LayerWeights weights, NeuralNetworkLayer layer, string place)
{
    private const char Mark = '\u0001'; // no name of a file has it
    private const int LongestPrefix = 80; // of names made up here: a layer's own may be as long as its file

    private readonly List<(string Type, ImmutableArray<(string Input, Operand Operand)> Inputs, ImmutableArray<ValueInfo> Outputs)> _pending = [];
    private int _count;

    internal NeuralNetworkLayer Layer => layer;

    internal int InputCount => layer.Input.Count;

    internal int OutputCount => layer.Output.Count;

    /// <summary>What the layer reads.</summary>
    /// <exception cref="LayerOpaqueException">There is no such input, or nothing gives it.</exception>
    internal Blob Input(int index = 0) => index < layer.Input.Count && network.Find(layer.Input[index]) is { } blob ? blob : throw new LayerOpaqueException();

    /// <summary>Everything that the layer reads; one value at least.</summary>
    internal Blob[] Inputs() => InputCount > 0 ? [.. Enumerable.Range(0, InputCount).Select(Input)] : throw new LayerOpaqueException();

    /// <summary>A weight of the layer, or null.</summary>
    internal Operand.Parameter? FindWeight(string slot) => weights.Find(layer, slot);

    /// <summary>A weight that the layer must have.</summary>
    /// <exception cref="LayerOpaqueException">It has none.</exception>
    internal Operand.Parameter Weight(string slot) => FindWeight(slot) ?? throw new LayerOpaqueException();

    /// <summary>Adds an operation.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="shape">Shape of what it gives; null where nothing says it.</param>
    /// <param name="inputs">Its operands; those that are null are left out.</param>
    internal Blob Emit(string type, Shape? shape, params ReadOnlySpan<(string Input, Operand? Operand)> inputs) => Emit(type, [shape ?? new Shape(-1)], inputs)[0] with { Shape = shape };

    /// <summary>Adds an operation that gives several values.</summary>
    internal Blob[] Emit(string type, ImmutableArray<Shape> shapes, params ReadOnlySpan<(string Input, Operand? Operand)> inputs)
    {
        ImmutableArray<(string, Operand)>.Builder operands = ImmutableArray.CreateBuilder<(string, Operand)>(inputs.Length);
        foreach ((string input, Operand? operand) in inputs)
        {
            if (operand is not null)
            {
                operands.Add((input, operand));
            }
        }

        if (shapes.Any(shape => shape.Rank > LayerShape.MaxRank))
        {
            throw new LayerOpaqueException();
        }

        ImmutableArray<ValueInfo> outputs = [.. shapes.Select(shape => new ValueInfo($"{Mark}{_count++}", ElementType.Float32, shape))];
        _pending.Add((type, operands.ToImmutable(), outputs));
        return [.. outputs.Select(output => new Blob(output.Name, output.Shape))];
    }

    /// <summary>A value as an operand.</summary>
    internal static Operand Of(Blob blob) => new Operand.Value(blob.Name);

    /// <summary>An operation on each element.</summary>
    internal Blob EachElement(string type, Blob x, params ReadOnlySpan<(string Input, Operand? Operand)> inputs) =>
        Emit(type, x.Shape, [("x", Of(x)), .. inputs]) with { HidesBatch = x.HidesBatch };

    /// <summary>A value under another shape of as many elements.</summary>
    /// <exception cref="LayerOpaqueException">It has another number of elements.</exception>
    internal Blob Reshape(Blob x, Shape shape)
    {
        if (x.Known.ElementCount != shape.ElementCount)
        {
            throw new LayerOpaqueException();
        }

        return x.Known == shape ? x with { HidesBatch = false } : Emit("reshape", shape, ("x", Of(x)), ("shape", Constants.Integers(shape.Extents.AsSpan())));
    }

    /// <summary>A weight under another shape.</summary>
    internal Operand Reshape(Operand.Parameter weight, Shape shape) => weight.Source.Shape == shape ? weight
        : weight.Source.Shape.ElementCount != shape.ElementCount ? throw new LayerOpaqueException()
        : Of(Emit("reshape", shape, ("x", weight), ("shape", Constants.Integers(shape.Extents.AsSpan()))));

    /// <summary>Axes in another order.</summary>
    internal Blob Transpose(Blob x, params ReadOnlySpan<int> order)
    {
        int[] axes = order.ToArray();
        return Emit("transpose", LayerShape.Of([.. axes.Select(axis => x.Known[axis])]), ("x", Of(x)), ("perm", Constants.Integers(order)));
    }

    /// <summary>A value with all axes that the file gives it.</summary>
    internal Blob AllAxes(Blob x) => x.HidesBatch ? Reshape(x, LayerShape.Of([x.Known[0], 1, .. x.Known.Extents.AsSpan()[1..]])) : x;

    /// <summary>The last three axes as channels, rows and columns, everything before them as one axis: <c>[N, C, H, W]</c>.</summary>
    internal Blob Picture(Blob x) => x.Rank switch
    {
        4 => x,
        >= 3 => Reshape(x, LayerShape.Of([checked((int)(x.Known.ElementCount / Math.Max(1, (long)x.FromEnd(1) * x.FromEnd(2) * x.FromEnd(3)))), .. x.Known.Extents.AsSpan()[^3..]])),
        _ => throw new LayerOpaqueException(),
    };

    /// <summary>Undoes <see cref="Picture"/>: the axes before the last three as they were.</summary>
    /// <param name="picture">What was computed.</param>
    /// <param name="like">What went in.</param>
    internal Blob Unpicture(Blob picture, Blob like) => like.Rank == 4 ? picture with { HidesBatch = like.HidesBatch }
        : Reshape(picture, LayerShape.Of([.. like.Known.Extents.AsSpan()[..^3], .. picture.Known.Extents.AsSpan()[1..]])) with { HidesBatch = like.HidesBatch };

    /// <summary>Adds the operations to the network, the layer's outputs under their own names.</summary>
    /// <param name="outputs">What the layer gives, in order.</param>
    /// <exception cref="LayerOpaqueException">It gives another number of values.</exception>
    internal void Commit(ReadOnlySpan<Blob> outputs)
    {
        if (outputs.Length != layer.Output.Count)
        {
            throw new LayerOpaqueException();
        }

        Dictionary<string, string> names = new(StringComparer.Ordinal);
        Blob[] given = outputs.ToArray();
        for (int i = 0; i < given.Length; i++)
        {
            // A value that has a name already gets a second one.
            if (!given[i].Name.StartsWith(Mark) || names.ContainsKey(given[i].Name))
            {
                given[i] = EachElement("identity", given[i]);
            }

            names.Add(given[i].Name, network.Unique(layer.Output[i]));
        }

        string prefix = layer.Output[0].Length <= LongestPrefix ? layer.Output[0] : layer.Output[0][..LongestPrefix];
        foreach ((string type, _, ImmutableArray<ValueInfo> values) in _pending)
        {
            foreach (ValueInfo value in values.Where(value => !names.ContainsKey(value.Name)))
            {
                names.Add(value.Name, network.Unique($"{prefix}_{type}"));
            }
        }

        foreach ((string type, ImmutableArray<(string Input, Operand Operand)> inputs, ImmutableArray<ValueInfo> values) in _pending)
        {
            network.Nodes.Add(new Node(type, Finish(inputs, names), [.. values.Select(value => value with { Name = names[value.Name] })], place));
        }

        for (int i = 0; i < given.Length; i++)
        {
            network.Define(layer.Output[i], given[i] with { Name = names[given[i].Name] });
        }
    }

    /// <summary>Adds the layer as one operation of its own kind.</summary>
    internal void CommitOpaque()
    {
        List<(string, Operand)> inputs = [.. layer.Input.Select(name => ("x", (Operand)new Operand.Value(network.Find(name)?.Name ?? name)))];
        inputs.AddRange(weights.Of(layer).Select(entry => (entry.Slot.Name, (Operand)new Operand.Parameter(entry.Weight))));
        ImmutableArray<ValueInfo> outputs = [.. layer.Output.Select(name => new ValueInfo(network.Unique(name), ElementType.Float32, new Shape(-1)))];
        network.Nodes.Add(new Node(LayerNames.KindOf(layer), Finish([.. inputs], []), outputs, place, NestedNetworks.Of(layer).Any()));
        for (int i = 0; i < outputs.Length; i++)
        {
            network.Define(layer.Output[i], new Blob(outputs[i].Name, null));
        }
    }

    private static ImmutableSortedDictionary<string, ImmutableArray<Operand>> Finish(ImmutableArray<(string Input, Operand Operand)> inputs, Dictionary<string, string> names) =>
        inputs.GroupBy(input => input.Input).ToImmutableSortedDictionary(
            group => group.Key,
            group => group.Select(input => input.Operand is Operand.Value value && names.TryGetValue(value.Name, out string? name) ? new Operand.Value(name) : input.Operand).ToImmutableArray(),
            StringComparer.Ordinal);
}
