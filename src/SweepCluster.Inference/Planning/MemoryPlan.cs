using System.Collections.Immutable;
using SweepCluster.Inference.Steps;

namespace SweepCluster.Inference.Planning;

/// <summary>Where each value lies in a workspace. Values that are never needed at the same time share memory.</summary>
/// <param name="Offsets">For each slot, floats from the start for one sample of capacity; multiply by the workspace's samples. -1 where a slot needs no memory.</param>
/// <param name="FloatsPerSample">Floats that one sample of capacity takes.</param>
/// <param name="FirstWrite">For each slot, the step that writes it; -1 for none.</param>
/// <param name="LastRead">For each slot, the last step that reads it; the number of steps for the network's output.</param>
internal sealed record MemoryPlan(
    ImmutableArray<int> Offsets, int FloatsPerSample, ImmutableArray<int> FirstWrite, ImmutableArray<int> LastRead)
{
    /// <summary>Plans by first fit, largest values first.</summary>
    public static MemoryPlan Create(IReadOnlyList<Step> steps, IReadOnlyList<Slot> slots, int outputSlot)
    {
        int[] firstWrite = [.. slots.Select(_ => -1)], lastRead = [.. slots.Select(_ => -1)], offsets = [.. slots.Select(_ => -1)];
        for (int i = 0; i < steps.Count; i++)
        {
            firstWrite[steps[i].Output.Index] = i;
            foreach (Slot input in steps[i].Inputs)
            {
                lastRead[input.Index] = i;
            }
        }

        lastRead[outputSlot] = steps.Count;
        List<Slot> placed = [];
        int total = 0;
        foreach (Slot slot in slots.Where(slot => firstWrite[slot.Index] >= 0).OrderByDescending(slot => slot.Map.SampleLength).ThenBy(slot => slot.Index))
        {
            bool AtSameTime(Slot other) => firstWrite[other.Index] <= lastRead[slot.Index] && firstWrite[slot.Index] <= lastRead[other.Index];
            int offset = 0;
            foreach (Slot other in placed.Where(AtSameTime).OrderBy(other => offsets[other.Index]))
            {
                if (offset + slot.Map.SampleLength <= offsets[other.Index])
                {
                    break;
                }

                offset = Math.Max(offset, offsets[other.Index] + other.Map.SampleLength);
            }

            offsets[slot.Index] = offset;
            placed.Add(slot);
            total = Math.Max(total, checked(offset + slot.Map.SampleLength));
        }

        return new([.. offsets], total, [.. firstWrite], [.. lastRead]);
    }

    /// <summary>The slots that are written before a step and still read from it on.</summary>
    public IEnumerable<int> LiveAt(int step) =>
        Enumerable.Range(0, Offsets.Length).Where(slot => FirstWrite[slot] >= 0 && FirstWrite[slot] < step && LastRead[slot] >= step);
}
