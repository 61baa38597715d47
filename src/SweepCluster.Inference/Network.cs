using System.Numerics.Tensors;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;
using SweepCluster.Inference.Planning;
using SweepCluster.Inference.Steps;
using SweepCluster.Inference.Telemetry;
using SweepCluster.Numerics.Elementwise;
using SweepCluster.Numerics.Vectors;

namespace SweepCluster.Inference;

/// <summary>A graph compiled for execution in float32. Immutable, safe for any number of threads; variants with other weights share everything that is equal.</summary>
/// <remarks>
/// The bits of a result depend on model, weights and sample alone: not on the batch, the threads, or the width of the machine's vectors.
/// <see cref="Run"/> and <see cref="RunFrom"/> allocate nothing; <see cref="RunUpTo"/> makes its checkpoint.
/// </remarks>
public sealed class Network
{
    private readonly NetworkPlan _plan;
    private readonly object[] _parameters;
    private readonly Func<Weight, ReadOnlyMemory<float>> _values;

    private Network(NetworkPlan plan, object[] parameters, Func<Weight, ReadOnlyMemory<float>> values)
    {
        _plan = plan;
        _parameters = parameters;
        _values = values;
    }

    /// <summary>Name of the value that a run gives.</summary>
    public string OutputName => _plan.OutputName;

    /// <summary>Floats that a run gives for each sample.</summary>
    public int OutputSize => _plan.OutputLength;

    /// <summary>Shape of one sample, without the batch axis.</summary>
    public Shape InputShape => _plan.InputShape;

    /// <summary>Compiles what one value of a graph needs.</summary>
    /// <param name="graph">The model. Its batch axis may declare 1; any batch runs.</param>
    /// <param name="values">Gives the float32 values of a weight, row-major; called when a network is made, and again for biases and the like when a variant is.</param>
    /// <param name="output">Name of the value to compute; null for <see cref="ClassifierScores.Find"/>.</param>
    /// <exception cref="BadInputException">An operation cannot be run; every one is listed, a line each, with its place, type and name.</exception>
    /// <exception cref="ArgumentException"><paramref name="values"/> gives another number of values than a weight has.</exception>
    public static Network Compile(Graph graph, Func<Weight, ReadOnlyMemory<float>> values, string? output = null) =>
        Compile(graph, values, output, VectorPaths.Best);

    /// <summary>A network that differs in some weights; everything else is shared.</summary>
    /// <param name="replaced">New values by name of the weight, row-major. Weights that this network does not read have no effect.</param>
    /// <exception cref="ArgumentException">The graph has no such weight, or the number of values is another.</exception>
    public Network WithWeights(IReadOnlyDictionary<string, ReadOnlyMemory<float>> replaced)
    {
        foreach (string name in replaced.Keys.Where(name => !_plan.WeightNames.Contains(name)))
        {
            throw new ArgumentException($"The graph has no weight '{name}'.", nameof(replaced));
        }

        ReadOnlyMemory<float> Values(Weight weight) => replaced.TryGetValue(weight.Name, out ReadOnlyMemory<float> given) ? given : _values(weight);
        object[] parameters = [.. _plan.Parameters.Select(parameter =>
            replaced.Keys.Any(parameter.Reads) ? parameter.Pack(Values) : _parameters[parameter.Index])];

        // Packed values are enough from here on, but for parameters that a later variant may have to make from several weights again.
        Dictionary<string, ReadOnlyMemory<float>> kept = replaced.Where(weight => _plan.ReadsTogether(weight.Key)).ToDictionary();
        return new(_plan, parameters, kept.Count == 0 ? _values : weight => kept.TryGetValue(weight.Name, out ReadOnlyMemory<float> given) ? given : _values(weight));
    }

    /// <summary>Multiply-adds that one sample takes, from the first operation that reads a weight on.</summary>
    /// <param name="weightName">The weight; null for the whole network. 0 where the network does not read it.</param>
    /// <remarks>For estimates of time: convolutions and matrix products as they stand in the model, nothing else.</remarks>
    public long MultiplyAdds(string? weightName = null)
    {
        int step = weightName is null ? 0 : _plan.FirstStepThatReads(weightName);
        return step < 0 ? 0 : _plan.Steps.Skip(step).Sum(later => later.MultiplyAdds);
    }

    /// <summary>Of some weights the one that the network reads first; null where it reads none of them.</summary>
    /// <param name="weightNames">The weights.</param>
    public string? FirstRead(IEnumerable<string> weightNames) => weightNames
        .Select(name => (Name: name, Step: _plan.FirstStepThatReads(name)))
        .Where(read => read.Step >= 0)
        .OrderBy(read => read.Step)
        .FirstOrDefault().Name;

    /// <summary>Memory for a run.</summary>
    /// <param name="maxBatch">Samples of the largest run that it should suit, 1 or more. Larger runs work too, in turns; so do large batches, where turns are faster.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxBatch"/> is below 1.</exception>
    public Workspace CreateWorkspace(int maxBatch) => new(_plan, Capacity(maxBatch));

    /// <summary>Bytes that <see cref="CreateWorkspace"/> takes.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxBatch"/> is below 1.</exception>
    public long WorkspaceBytes(int maxBatch) => sizeof(float) * (long)_plan.Memory.FloatsPerSample * Capacity(maxBatch);

    /// <summary>Bytes that <see cref="RunUpTo"/> keeps for some samples; 0 where the network does not read the weight.</summary>
    /// <param name="weightName">The weight.</param>
    /// <param name="samples">How many samples.</param>
    public long CheckpointBytes(string weightName, int samples)
    {
        int step = _plan.FirstStepThatReads(weightName);
        return step < 0 ? 0 : sizeof(float) * samples
            * ((step == 0 ? (long)_plan.InputLength : 0) + _plan.Memory.LiveAt(step).Sum(slot => (long)_plan.Slots[slot].Map.SampleLength));
    }

    /// <summary>Computes the output for some samples.</summary>
    /// <param name="input">Samples, float32 <c>[n, C, H, W]</c>.</param>
    /// <param name="samples">How many, 0 or more.</param>
    /// <param name="output">Receives <c>[n, OutputSize]</c>.</param>
    /// <param name="workspace">Memory that this network or a variant made; in use by no other run.</param>
    /// <exception cref="ArgumentException">A span is too short, or the workspace belongs to another network.</exception>
    public void Run(ReadOnlySpan<float> input, int samples, Span<float> output, Workspace workspace)
    {
        Check(input.Length, samples, output.Length, workspace);
        for (int first = 0; first < samples; first += workspace.Capacity)
        {
            int count = Math.Min(workspace.Capacity, samples - first);
            long begun = InferenceMetrics.Begin();
            StepContext context = new(input.Slice(first * _plan.InputLength, count * _plan.InputLength), count, workspace, null, first, _parameters);
            RunSteps(context, 0, _plan.Steps.Length);
            MapLayout.ToPlain(_plan.Output.Map, context.Values(_plan.Output), output[(first * OutputSize)..], count);
            InferenceMetrics.Ran(count, begun);
        }
    }

    /// <summary>The largest magnitude among the input and every value that a run computes: what would have to be within the range of a narrower type. NaN where one is not a number.</summary>
    /// <param name="input">Samples, float32 <c>[n, C, H, W]</c>.</param>
    /// <param name="samples">How many, 0 or more.</param>
    /// <param name="workspace">Memory that this network or a variant made; in use by no other run.</param>
    /// <exception cref="ArgumentException">The input is too short, or the workspace belongs to another network.</exception>
    /// <remarks>Operations that are run as one are seen by what comes out of them. Takes a run and one pass over its values.</remarks>
    public float LargestMagnitude(ReadOnlySpan<float> input, int samples, Workspace workspace)
    {
        Check(input.Length, samples, int.MaxValue, workspace);
        float largest = samples == 0 ? 0 : Math.Abs(TensorPrimitives.MaxMagnitude(input[..(samples * _plan.InputLength)]));
        for (int first = 0; first < samples; first += workspace.Capacity)
        {
            int count = Math.Min(workspace.Capacity, samples - first);
            StepContext context = new(input.Slice(first * _plan.InputLength, count * _plan.InputLength), count, workspace, null, first, _parameters);
            for (int i = 0; i < _plan.Steps.Length; i++)
            {
                RunSteps(context, i, i + 1);
                ReadOnlySpan<float> values = context.Values(_plan.Steps[i].Output);
                largest = values.IsEmpty ? largest : MathF.Max(largest, Math.Abs(TensorPrimitives.MaxMagnitude(values))); // a maximum is exact in any order
            }
        }

        return largest;
    }

    /// <summary>Computes everything that stands before the first operation that reads a weight, once, for many variants that differ in that weight, and in what is read behind it.</summary>
    /// <param name="weightName">The weight.</param>
    /// <param name="input">Samples, float32 <c>[n, C, H, W]</c>.</param>
    /// <param name="samples">How many, 0 or more.</param>
    /// <param name="workspace">Memory that this network or a variant made; in use by no other run.</param>
    /// <exception cref="ArgumentException">The network does not read the weight, the input is too short, or the workspace belongs to another network.</exception>
    public Checkpoint RunUpTo(string weightName, ReadOnlySpan<float> input, int samples, Workspace workspace)
    {
        Check(input.Length, samples, int.MaxValue, workspace);
        int step = _plan.FirstStepThatReads(weightName);
        if (step < 0)
        {
            throw new ArgumentException($"Nothing that '{OutputName}' needs reads the weight '{weightName}'.", nameof(weightName));
        }

        Checkpoint checkpoint = new(_plan, weightName, step, samples, input[..(samples * _plan.InputLength)], _parameters);
        for (int first = 0; first < samples; first += workspace.Capacity)
        {
            int count = Math.Min(workspace.Capacity, samples - first);
            RunSteps(new(input.Slice(first * _plan.InputLength, count * _plan.InputLength), count, workspace, checkpoint, first, _parameters), 0, step);
        }

        return checkpoint;
    }

    /// <summary>Goes on from a checkpoint. Gives the bits of a whole run of this variant.</summary>
    /// <param name="checkpoint">Made by this network or by a variant that differs in nothing that is read before the checkpoint's weight.</param>
    /// <param name="output">Receives <c>[n, OutputSize]</c> for the checkpoint's samples.</param>
    /// <param name="workspace">Memory that this network or a variant made; in use by no other run.</param>
    /// <exception cref="ArgumentException">The checkpoint does not fit this network, the output is too short, or the workspace belongs to another network.</exception>
    public void RunFrom(Checkpoint checkpoint, Span<float> output, Workspace workspace)
    {
        Check(int.MaxValue, checkpoint.Samples, output.Length, workspace);
        if (!SharesPast(checkpoint))
        {
            throw new ArgumentException($"The checkpoint was made by a network that differs before it reads the weight '{checkpoint.WeightName}'.", nameof(checkpoint));
        }

        for (int first = 0; first < checkpoint.Samples; first += workspace.Capacity)
        {
            int count = Math.Min(workspace.Capacity, checkpoint.Samples - first);
            long begun = InferenceMetrics.Begin();
            ReadOnlySpan<float> input = checkpoint.Step == 0 ? checkpoint.Input.AsSpan(first * _plan.InputLength, count * _plan.InputLength) : [];
            StepContext context = new(input, count, workspace, checkpoint, first, _parameters);
            RunSteps(context, checkpoint.Step, _plan.Steps.Length);
            MapLayout.ToPlain(_plan.Output.Map, context.Values(_plan.Output), output[(first * OutputSize)..], count);
            InferenceMetrics.Ran(count, begun);
        }
    }

    internal static Network Compile(Graph graph, Func<Weight, ReadOnlyMemory<float>> values, string? output, VectorPath path)
    {
        NetworkPlan plan = PlanBuilder.Build(graph, output ?? ClassifierScores.Find(graph), path);
        return new(plan, [.. plan.Parameters.Select(parameter => parameter.Pack(values))], values);
    }

    // Whether everything before the checkpoint's step is what made it.
    private bool SharesPast(Checkpoint checkpoint)
    {
        if (checkpoint.Plan != _plan)
        {
            return false;
        }

        for (int i = 0; i < checkpoint.Step; i++)
        {
            foreach (Parameter parameter in _plan.Steps[i].Parameters)
            {
                if (!ReferenceEquals(_parameters[parameter.Index], checkpoint.Parameters[parameter.Index]))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private void RunSteps(in StepContext context, int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            Step step = _plan.Steps[i];
            MapLayout.ClearMargin(step.Output.Map, context.Values(step.Output), context.Samples);
            step.Run(context);
            MapLayout.ClearUnusedLanes(step.Output.Map, context.Values(step.Output), context.Samples);
        }
    }

    private int Capacity(int maxBatch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBatch, 1);
        return Math.Min(maxBatch, _plan.PreferredBatch);
    }

    private void Check(int inputLength, int samples, int outputLength, Workspace workspace)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        if (workspace.Plan != _plan)
        {
            throw new ArgumentException("The workspace belongs to another network.", nameof(workspace));
        }

        if (inputLength < (long)samples * _plan.InputLength || outputLength < (long)samples * OutputSize)
        {
            throw new ArgumentException($"{samples} samples take {(long)samples * _plan.InputLength} floats and give {(long)samples * OutputSize}; "
                + $"found {inputLength} and room for {outputLength}.");
        }
    }
}
