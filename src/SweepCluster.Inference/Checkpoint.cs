using SweepCluster.Inference.Planning;
using SweepCluster.Numerics.Vectors;

namespace SweepCluster.Inference;

/// <summary>A network stopped before the first operation that reads some weight, for some samples. Immutable once made; any number of threads may go on from it.</summary>
public sealed class Checkpoint
{
    private readonly AlignedFloats?[] _kept;

    internal Checkpoint(NetworkPlan plan, string weightName, int step, int samples, ReadOnlySpan<float> input, object[] parameters)
    {
        Plan = plan;
        WeightName = weightName;
        Step = step;
        Samples = samples;
        Parameters = parameters;
        Input = step == 0 ? input.ToArray() : [];
        _kept = new AlignedFloats?[plan.Slots.Length];
        foreach (int slot in plan.Memory.LiveAt(step))
        {
            _kept[slot] = new(checked(plan.Slots[slot].Map.SampleLength * samples));
        }
    }

    /// <summary>The weight before which the network stopped.</summary>
    public string WeightName { get; }

    /// <summary>Number of samples.</summary>
    public int Samples { get; }

    /// <summary>Bytes held.</summary>
    public long SizeBytes => sizeof(float) * (Input.Length + _kept.Sum(kept => (long)(kept?.Length ?? 0)));

    internal NetworkPlan Plan { get; }

    internal int Step { get; }

    internal object[] Parameters { get; }

    /// <summary>The samples themselves, where not even they were taken in.</summary>
    internal float[] Input { get; }

    internal AlignedFloats? Kept(int slot) => _kept[slot];
}
