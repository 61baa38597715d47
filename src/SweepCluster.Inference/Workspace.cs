using SweepCluster.Inference.Planning;
using SweepCluster.Numerics.Vectors;

namespace SweepCluster.Inference;

/// <summary>Memory for the values of a network while it runs. For one run at a time; use it with the network that made it and with its variants.</summary>
public sealed class Workspace
{
    private readonly AlignedFloats _memory;

    internal Workspace(NetworkPlan plan, int capacity)
    {
        Plan = plan;
        Capacity = capacity;
        _memory = new(checked(plan.Memory.FloatsPerSample * capacity));
    }

    /// <summary>Bytes held.</summary>
    public long SizeBytes => sizeof(float) * (long)_memory.Length;

    internal NetworkPlan Plan { get; }

    /// <summary>Samples that are computed side by side; a larger run is done in turns.</summary>
    internal int Capacity { get; }

    internal Span<float> Values(Slot slot, int samples) =>
        _memory.Span.Slice(Plan.Memory.Offsets[slot.Index] * Capacity, slot.Map.SampleLength * samples);
}
