using System.Collections.Immutable;
using SweepCluster.Graphs;
using SweepCluster.Inference.Planning;
using SweepCluster.Inference.Steps;
using SweepCluster.Numerics;
using SweepCluster.Numerics.Elementwise;

namespace SweepCluster.Inference.Lowering;

/// <summary>Turns the part of a graph that one value needs into steps, operation by operation, and collects what it cannot turn.</summary>
internal sealed partial class GraphLowering
{
    private static readonly Dictionary<string, Func<GraphLowering, NodeReader, Tensor>> s_operations = new()
    {
        ["add"] = (lowering, node) => lowering.Binary(node, BinaryOperation.Add),
        ["sub"] = (lowering, node) => lowering.Binary(node, BinaryOperation.Subtract),
        ["mul"] = (lowering, node) => lowering.Binary(node, BinaryOperation.Multiply),
        ["real_div"] = (lowering, node) => lowering.Binary(node, BinaryOperation.Divide),
        ["maximum"] = (lowering, node) => lowering.Binary(node, BinaryOperation.Maximum),
        ["minimum"] = (lowering, node) => lowering.Binary(node, BinaryOperation.Minimum),
        ["batch_norm"] = (lowering, node) => lowering.BatchNorm(node),
        ["relu"] = (lowering, node) => lowering.Unary(node, UnaryOperation.Relu),
        ["relu6"] = (lowering, node) => lowering.Unary(node, UnaryOperation.Clip, 0f, 6f),
        ["clip"] = (lowering, node) => lowering.Unary(
            node, UnaryOperation.Clip, node.Number("alpha", float.NegativeInfinity), node.Number("beta", float.PositiveInfinity)),
        ["leaky_relu"] = (lowering, node) => lowering.Unary(node, UnaryOperation.LeakyRelu, node.Number("alpha", 0.01f)),
        ["sigmoid"] = (lowering, node) => lowering.Unary(node, UnaryOperation.Sigmoid),
        ["sigmoid_hard"] = (lowering, node) => lowering.Unary(
            node, UnaryOperation.HardSigmoid, node.Number("alpha", 0.2f), node.Number("beta", 0.5f)),
        ["tanh"] = (lowering, node) => lowering.Unary(node, UnaryOperation.Tanh),
        ["silu"] = (lowering, node) => lowering.Unary(node, UnaryOperation.Silu),
        ["conv"] = (lowering, node) => lowering.Convolution(node),
        ["linear"] = (lowering, node) => lowering.Linear(node),
        ["max_pool"] = (lowering, node) => lowering.Pool(node, PoolKind.Max),
        ["avg_pool"] = (lowering, node) => lowering.Pool(node, node.Flag("exclude_padding_from_average", false) ? PoolKind.AverageInside : PoolKind.Average),
        ["reduce_mean"] = (lowering, node) => lowering.ReduceMean(node),
        ["softmax"] = (lowering, node) => lowering.Softmax(node),
        ["concat"] = (lowering, node) => lowering.Concat(node),
        ["pad"] = (lowering, node) => lowering.Pad(node),
        ["reshape"] = (lowering, node) => lowering.Reshape(node),
        ["squeeze"] = (lowering, node) => lowering.Reshape(node),
        ["expand_dims"] = (lowering, node) => lowering.Reshape(node),
        ["flatten2d"] = (lowering, node) => lowering.Reshape(node),
        ["cast"] = (lowering, node) => lowering.Cast(node),
        ["identity"] = (lowering, node) => lowering.Value(node, "x"),
    };

    private readonly Graph _graph;
    private readonly Dictionary<string, Tensor> _tensors = [];
    private readonly Dictionary<Slot, Slot> _blocked = [];
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
                if (!s_operations.TryGetValue(node.OpType, out Func<GraphLowering, NodeReader, Tensor>? lower))
                {
                    throw new LoweringException("is not supported by the evaluator");
                }

                bool inputsKnown = node.Inputs.Values.All(operands => operands.All(operand => operand is not Operand.Value value || _tensors.ContainsKey(value.Name)));
                if (inputsKnown)
                {
                    _tensors[node.Name] = CheckDeclared(node, lower(this, new(node)));
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
            _faults.Add($"{_graph.Source}: found {_graph.Inputs.Length} inputs, {inputs.Length} of them needed, expected one.");
            return;
        }

        Shape shape = inputs[0].Info.Shape;
        if (shape.Rank is not (2 or 4) || !shape.Extents.Skip(1).All(extent => extent > 0) || shape[0] is not (1 or -1))
        {
            _faults.Add($"{_graph.Source}: input '{inputs[0].Info.Name}': found shape {shape}, expected [1, C, H, W] or [1, C].");
            return;
        }

        try
        {
            Slot slot = shape.Rank == 4
                ? NewSlot(inputs[0].Info.Name, shape[1], shape[2], shape[3], lanes: 1)
                : NewSlot(inputs[0].Info.Name, shape[1], 1, 1);
            _steps.Add(new InputStep { Output = slot });
            _tensors[inputs[0].Info.Name] = new(slot, shape.Rank);
        }
        catch (LoweringException fault)
        {
            _faults.Add($"{_graph.Source}: input '{inputs[0].Info.Name}' {fault.Message}.");
        }
    }

    private static Tensor CheckDeclared(Node node, Tensor tensor)
    {
        Shape declared = node.Outputs[0].Shape;
        bool agrees = !declared.IsKnown || declared == tensor.Shape;
        return agrees ? tensor : throw new LoweringException($"gives the shape {tensor.Shape}, but the program declares {declared}");
    }

    private Tensor Value(NodeReader node, string input) => node.Node.Inputs.TryGetValue(input, out ImmutableArray<Operand> operands)
        && operands is [Operand.Value value] ? _tensors[value.Name] : throw new LoweringException($"has no computed input '{input}'");

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
