using SweepCluster.Graphs;
using SweepCluster.Inference.Lowering;
using SweepCluster.Inference.Steps;

namespace SweepCluster.Inference.Planning;

/// <summary>Gives values the margins that their readers need. A value that some step takes for a plain vector gets none: readers that need one read a copy.</summary>
internal static class MarginPlan
{
    /// <summary>Settles every margin, and adds the copies' steps and slots.</summary>
    /// <exception cref="BadInputException">A value with its margin is more than memory can hold; one line for each.</exception>
    public static void Apply(LoweredGraph graph, string source)
    {
        Settle(graph);
        string[] faults = [.. graph.Slots.Where(slot => !slot.Map.IsAddressable).Select(slot =>
            $"{source}: value '{slot.Name}' of {slot.Map.Channels} channels of {slot.Map.Height} x {slot.Map.Width} needs a margin of "
            + $"{slot.Map.Top} and {slot.Map.Bottom} rows, {slot.Map.Left} and {slot.Map.Right} columns, more than memory can hold.")];
        if (faults.Length > 0)
        {
            throw new BadInputException(string.Join('\n', faults));
        }
    }

    private static void Settle(LoweredGraph graph)
    {
        HashSet<Slot> vectors = [.. graph.Steps.Where(step => step.TakesVectors).SelectMany(step => step.Inputs.Append(step.Output))];
        Dictionary<Slot, Slot> copies = [];
        for (int i = 0; i < graph.Steps.Count; i++)
        {
            Step step = graph.Steps[i];
            Margin margin = step.NeededMargin;
            if (margin.IsEmpty)
            {
                continue;
            }

            if (vectors.Contains(step.Inputs[0]))
            {
                if (!copies.TryGetValue(step.Inputs[0], out Slot? copy))
                {
                    copy = step.Inputs[0].Copy(graph.Slots.Count);
                    copies.Add(step.Inputs[0], copy);
                    graph.Slots.Add(copy);
                    ConcatStep copying = new() { Output = copy };
                    copying.Inputs.Add(step.Inputs[0]);
                    graph.Steps.Insert(i++, copying);
                }

                step.Inputs[0] = copy;
            }

            step.Inputs[0].NeedMargin(margin);
        }
    }
}
