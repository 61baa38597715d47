using SweepCluster.Inference.Planning;
using SweepCluster.Numerics.Elementwise;
using SweepCluster.Numerics.Vectors;

namespace SweepCluster.Inference.Steps;

/// <summary>What a step works on: some samples, the values' memory, the parameters of a variant.</summary>
internal readonly ref struct StepContext(
    ReadOnlySpan<float> networkInput, int samples, Workspace workspace, Checkpoint? checkpoint, int firstSample, object[] parameters)
{
    /// <summary>The samples as the caller gave them, plain.</summary>
    public ReadOnlySpan<float> NetworkInput { get; } = networkInput;

    /// <summary>How many samples.</summary>
    public int Samples { get; } = samples;

    /// <summary>The values of a slot: in the checkpoint if it keeps them, else in the workspace.</summary>
    public Span<float> Values(Slot slot) =>
        checkpoint?.Kept(slot.Index) is AlignedFloats kept
            ? kept.Span.Slice(firstSample * slot.Map.SampleLength, Samples * slot.Map.SampleLength)
            : workspace.Values(slot, Samples);

    /// <summary>The values of a slot as an operand.</summary>
    public MapOperand Operand(Slot slot) => new(slot.Map, Values(slot));

    /// <summary>A packed parameter.</summary>
    public T Packed<T>(Parameter parameter)
        where T : class => (T)parameters[parameter.Index];
}
