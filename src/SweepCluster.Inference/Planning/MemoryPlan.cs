using System.Collections.Immutable;
using SweepCluster.Graphs;
using SweepCluster.Inference.Steps;
using SweepCluster.Numerics.Vectors;

namespace SweepCluster.Inference.Planning;

/// <summary>Where each value lies in a workspace. Values that are never needed at the same time share memory.</summary>
/// <param name="Offsets">For each slot, floats from the start for one sample of capacity; multiply by the workspace's samples. -1 where a slot needs no memory.</param>
/// <param name="FloatsPerSample">Floats that one sample of capacity takes.</param>
/// <param name="FirstWrite">For each slot, the step that writes it; -1 for none.</param>
/// <param name="LastRead">For each slot, the last step that reads it; the step that writes it where none does; the number of steps for the network's output.</param>
internal sealed record MemoryPlan(
    ImmutableArray<int> Offsets, int FloatsPerSample, ImmutableArray<int> FirstWrite, ImmutableArray<int> LastRead)
{
    /// <summary>Plans by first fit, largest values first.</summary>
    /// <exception cref="BadInputException">Memory cannot hold one sample's values.</exception>
    public static MemoryPlan Create(IReadOnlyList<Step> steps, IReadOnlyList<Slot> slots, int outputSlot, string source)
    {
        int[] firstWrite = [.. slots.Select(_ => -1)], lastRead = [.. slots.Select(_ => -1)];
        long[] offsets = [.. slots.Select(_ => -1L)];
        for (int i = 0; i < steps.Count; i++)
        {
            firstWrite[steps[i].Output.Index] = i;
            lastRead[steps[i].Output.Index] = i; // what nobody reads needs its place while it is written, beside what others still read
            foreach (Slot input in steps[i].Inputs)
            {
                lastRead[input.Index] = i;
            }
        }

        lastRead[outputSlot] = steps.Count;
        List<Slot> placed = [];
        long total = 0;
        foreach (Slot slot in slots.Where(slot => firstWrite[slot.Index] >= 0).OrderByDescending(slot => slot.Map.SampleLength).ThenBy(slot => slot.Index))
        {
            bool AtSameTime(Slot other) => firstWrite[other.Index] <= lastRead[slot.Index] && firstWrite[slot.Index] <= lastRead[other.Index];
            long offset = 0;
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
            total = Math.Max(total, offset + slot.Map.SampleLength);
        }

        if (total > AlignedFloats.MaxLength)
        {
            throw new BadInputException($"{source}: the values of one sample take {total} floats, expected at most {AlignedFloats.MaxLength}.");
        }

        return new([.. offsets.Select(offset => (int)offset)], (int)total, [.. firstWrite], [.. lastRead]);
    }

    /// <summary>The slots that are written before a step and still read from it on.</summary>
    public IEnumerable<int> LiveAt(int step) =>
        Enumerable.Range(0, Offsets.Length).Where(slot => FirstWrite[slot] >= 0 && FirstWrite[slot] < step && LastRead[slot] >= step);
}
