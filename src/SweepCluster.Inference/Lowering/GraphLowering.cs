using System.Collections.Immutable;
using SweepCluster.Graphs;
using SweepCluster.Inference.Planning;
using SweepCluster.Inference.Steps;
using SweepCluster.Numerics;
using SweepCluster.Numerics.Vectors;

namespace SweepCluster.Inference.Lowering;

/// <summary>Turns the part of a graph that one value needs into steps, operation by operation, and collects what it cannot turn.</summary>
internal sealed partial class GraphLowering
{
    private const int MostNames = 5;

    private readonly Graph _graph;
    private readonly Dictionary<string, Tensor> _tensors = [];
    private readonly Dictionary<string, ParameterSource> _constants = [];
    private readonly Dictionary<Slot, Slot> _blocked = [];
    private readonly Dictionary<(Slot, int, int, int), Slot> _arranged = [];
    private readonly List<string> _faults = [];
    private readonly List<Step> _steps = [];
    private readonly List<Slot> _slots = [];
    private readonly List<Parameter> _parameters = [];

    private GraphLowering(Graph graph) => _graph = graph;

    /// <summary>Turns what <paramref name="output"/> needs into a plan without memory.</summary>
    /// <exception cref="BadInputException">Something cannot be run; one line for each fault.</exception>
    public static LoweredGraph Lower(Graph graph, string output)
    {
        GraphLowering lowering = new(graph);
        lowering.Run(output);
        return lowering._faults.Count > 0
            ? throw new BadInputException(string.Join('\n', lowering._faults))
            : new(lowering._tensors[output].Slot, lowering._tensors[graph.Inputs[0].Info.Name].Slot, lowering._steps, lowering._slots, lowering._parameters);
    }

    private void Run(string output)
    {
        if (!_graph.Nodes.Any(node => node.Outputs.Any(value => value.Name == output)))
        {
            _faults.Add($"{_graph.Source}: found no value '{output}', expected a value that an operation computes.");
            return;
        }

        HashSet<string> needed = Needed(output);
        TakeInput(needed);
        foreach (Node node in _graph.Nodes.Where(node => node.Outputs.Any(value => needed.Contains(value.Name))))
        {
            try
            {
                if (!s_operations.TryGetValue(node.OpType, out Func<GraphLowering, NodeReader, Tensor>? lower) && node.OpType != "const")
                {
                    throw new LoweringException("is not supported by the evaluator");
                }

                bool inputsKnown = node.Inputs.Values.All(operands => operands.All(operand =>
                    operand is not Operand.Value value || _tensors.ContainsKey(value.Name) || _constants.ContainsKey(value.Name)));
                if (inputsKnown && !IsConstant(node, node.Name == output))
                {
                    NodeReader reader = new(node, _constants);
                    Tensor tensor = lower!(this, reader);
                    _tensors[node.Name] = CheckDeclared(node, CheckRead(reader, tensor));
                }
            }
            catch (LoweringException fault)
            {
                _faults.Add($"{_graph.Source}: {node.Place}: {node.OpType} '{node.Name}' {fault.Message}.");
            }
            catch (OverflowException)
            {
                _faults.Add($"{_graph.Source}: {node.Place}: {node.OpType} '{node.Name}' has numbers that are too large together.");
            }
        }
    }

    // A constant, or one under another shape, stays one; only as the network's output it is a value.
    private bool IsConstant(Node node, bool isOutput)
    {
        NodeReader reader = new(node, _constants);
        string? input = node.OpType == "const" ? "val" : s_reshapes.Contains(node.OpType) && !reader.IsComputed("x") ? "x" : null;
        if (input is null)
        {
            return false;
        }

        ParameterSource source = reader.Numbers(input);
        Shape shape = node.Outputs[0].Shape.IsKnown ? node.Outputs[0].Shape : source.Shape;
        if (shape.ElementCount != source.Shape.ElementCount)
        {
            throw new LoweringException($"turns {source.Shape} into {shape}, expected as many elements");
        }

        _constants[node.Name] = source.Reshape(shape);
        if (isOutput)
        {
            _tensors[node.Name] = Constant(node.Name, _constants[node.Name]);
        }

        return true;
    }

    private HashSet<string> Needed(string output)
    {
        HashSet<string> needed = [output];
        for (int i = _graph.Nodes.Length - 1; i >= 0; i--)
        {
            Node node = _graph.Nodes[i];
            if (node.Outputs.Any(value => needed.Contains(value.Name)))
            {
                needed.UnionWith(node.Inputs.Values.SelectMany(operands => operands).OfType<Operand.Value>().Select(value => value.Name));
            }
        }

        return needed;
    }

    private void TakeInput(HashSet<string> needed)
    {
        GraphInput[] inputs = [.. _graph.Inputs.Where(input => needed.Contains(input.Info.Name))];
        if (inputs.Length != 1 || _graph.Inputs.Length != 1)
        {
            string names = string.Join(", ", _graph.Inputs.Take(MostNames).Select(input => $"'{input.Info.Name}'")) + (_graph.Inputs.Length > MostNames ? ", .." : "");
            _faults.Add(_graph.Inputs.Length == 1
                ? $"{_graph.Source}: found the input {names}, which no output needs, expected one that is read."
                : $"{_graph.Source}: found {_graph.Inputs.Length} inputs{(names.Length > 0 ? $" ({names})" : "")}, expected one.");
            return;
        }

        Shape shape = inputs[0].Info.Shape;
        if (shape.Rank < 2 || !shape.Extents.Skip(1).All(extent => extent > 0) || shape[0] is not (1 or -1))
        {
            _faults.Add($"{_graph.Source}: input '{inputs[0].Info.Name}': found shape {shape}, expected [1, C, H, W], [1, C] or other known extents behind a batch of 1.");
            return;
        }

        try
        {
            shape = shape.With(0, 1);
            (int channels, int height, int width) = Natural(shape);
            Slot slot = shape.Rank == 4 ? NewSlot(inputs[0].Info.Name, channels, height, width, lanes: 1) : NewSlot(inputs[0].Info.Name, channels, height, width);
            _steps.Add(new InputStep { Output = slot });
            _tensors[inputs[0].Info.Name] = new(slot, shape);
        }
        catch (OverflowException)
        {
            _faults.Add($"{_graph.Source}: input '{inputs[0].Info.Name}': found shape {shape}, more than memory can hold.");
        }
        catch (LoweringException fault)
        {
            _faults.Add($"{_graph.Source}: input '{inputs[0].Info.Name}' {fault.Message}.");
        }
    }

    // What an operation says and nobody asked for would be left out of the arithmetic in silence.
    private static Tensor CheckRead(NodeReader node, Tensor tensor)
    {
        string[] unread = [.. node.Unread.Except(s_withoutEffect.GetValueOrDefault(node.Node.OpType, []))];
        return unread.Length == 0 ? tensor : throw new LoweringException($"has the input '{unread[0]}', which the evaluator does not know");
    }

    private static Tensor CheckDeclared(Node node, Tensor tensor)
    {
        Shape declared = node.Outputs[0].Shape;
        bool agrees = !declared.IsKnown || declared == tensor.Shape;
        return agrees ? tensor : throw new LoweringException($"gives the shape {tensor.Shape}, but the program declares {declared}");
    }

    // A computed value, or a constant as one.
    private Tensor Value(NodeReader node, string input)
    {
        if (node.IsComputed(input))
        {
            return _tensors[((Operand.Value)node.Node.Inputs[input][0]).Name];
        }

        ParameterSource source = node.OptionalNumbers(input) ?? throw new LoweringException($"has no input '{input}'");
        return Constant($"{node.Node.Name}_{input}", source);
    }

    private Tensor Constant(string name, ParameterSource source)
    {
        Slot slot = NewSlot(name, checked((int)source.Shape.ElementCount), 1, 1);
        Parameter values = NewParameter([source], given => AlignedFloats.CopyOf(given[0].Span, FeatureMap.BlockLanes));
        Emit(new ConstantStep { Output = slot, Parameters = [values] });
        return new(slot, source.Shape);
    }

    // The channels, rows and columns that a value of a shape has as a picture; one column of channels where it is none.
    private static (int Channels, int Height, int Width) Natural(Shape shape) => shape.Extents.AsSpan() switch
    {
        [1, int channels, int height, int width] => (channels, height, width),
        [1, int channels, int height] => (channels, height, 1),
        _ => (checked((int)shape.ElementCount), 1, 1),
    };

    private Tensor NewTensor(string name, Shape shape)
    {
        (int channels, int height, int width) = Natural(shape);
        return new(NewSlot(name, channels, height, width), shape);
    }

    // A value's elements under other extents.
    private Slot Arranged(Tensor x, int channels, int height, int width)
    {
        FeatureMap map = x.Slot.Map;
        if ((map.Channels, map.Height, map.Width) == (channels, height, width))
        {
            return x.Slot;
        }

        (Slot, int, int, int) key = (x.Slot, channels, height, width);
        if (!_arranged.TryGetValue(key, out Slot? arranged))
        {
            arranged = Emit(new FlattenStep { Output = NewSlot(x.Slot.Name, channels, height, width) }, x.Slot);
            _arranged.Add(key, arranged);
        }

        return arranged;
    }

    private Slot Natural(Tensor x)
    {
        (int channels, int height, int width) = Natural(x.Shape);
        return Arranged(x, channels, height, width);
    }

    // Row-major, one element behind the other.
    private Slot Plain(Tensor x) => Blocked(Arranged(x, checked((int)x.Shape.ElementCount), 1, 1));

    private Slot NewSlot(string name, int channels, int height, int width, int lanes = FeatureMap.BlockLanes)
    {
        if (channels < 1 || height < 1 || width < 1)
        {
            throw new LoweringException($"gives {channels} channels of {height} x {width}, expected at least one of each");
        }

        Slot slot = new(_slots.Count, name, channels, height, width, lanes);
        if (!slot.Map.IsAddressable)
        {
            throw new LoweringException($"gives {channels} channels of {height} x {width}, more than memory can hold");
        }

        _slots.Add(slot);
        return slot;
    }

    private Parameter NewParameter(ImmutableArray<ParameterSource> sources, Func<ReadOnlyMemory<float>[], object> pack)
    {
        Parameter parameter = new(sources, pack) { Index = _parameters.Count };
        _parameters.Add(parameter);
        return parameter;
    }

    private Slot Emit(Step step, params ReadOnlySpan<Slot> inputs)
    {
        step.Inputs.AddRange(inputs);
        _steps.Add(step);
        return step.Output;
    }

    // The same value in blocks of channels.
    private Slot Blocked(Slot slot)
    {
        if (slot.Map.Lanes == FeatureMap.BlockLanes)
        {
            return slot;
        }

        if (!_blocked.TryGetValue(slot, out Slot? blocked))
        {
            blocked = Emit(new ConcatStep { Output = NewSlot(slot.Name, slot.Map.Channels, slot.Map.Height, slot.Map.Width) }, slot);
            _blocked.Add(slot, blocked);
        }

        return blocked;
    }
}
