using SweepCluster.Engine.Actors;
using SweepCluster.Engine.Sessions;
using SweepCluster.Graphs;

namespace SweepCluster.Engine.Runs;

/// <summary>Memory that a sweep takes, estimated from shapes before it starts.</summary>
internal static class MemoryNeeds
{
    private const long ProgramBytes = 192L << 20; // the runtime, its heap before it is collected, the program itself: the quickstart peaks at 186 MiB in all
    private const int PreparedBytesPerElement = 24; // values, sorted copies, prefix sums of a weight that is being compressed

    /// <summary>Estimates.</summary>
    internal static long Estimate(SweepSession session, int slots)
    {
        SweepModel model = session.Model;
        long values = sizeof(float) * model.Elements;
        long stored = model.Graph.Weights.Sum(weight => weight.Stored.PayloadBytes);
        long largestLayer = model.Space.Layers.Max(layer => layer.Weight.Shape.ElementCount);
        long compressing = PreparedBytesPerElement * largestLayer;
        long perSlot = Math.Max(compressing, MeasuringBytes(session, values + values + stored));
        return ProgramBytes + stored + values + (session.Network is null ? 0 : values + DataBytes(session)) + (slots * perSlot);
    }

    /// <summary>Refuses a sweep that does not fit.</summary>
    /// <exception cref="BadInputException">It does not; says how much it takes and how much there is.</exception>
    internal static void Check(SweepSession session, int slots, long memoryBytes)
    {
        long needed = Estimate(session, slots);
        if (needed > memoryBytes)
        {
            long single = Estimate(session, 1);
            string advice = single <= memoryBytes ? "; use fewer slots" : "";
            throw new BadInputException(
                $"{session.Spec.Name}: the sweep takes {needed >> 20} MiB of memory on {slots} slots, expected at most {memoryBytes >> 20} MiB{advice}.");
        }
    }

    /// <summary>A variant of the network (its values, packed), with its cells, and what runs it.</summary>
    private static long MeasuringBytes(SweepSession session, long variantBytes)
    {
        if (session.Network is not { } network || session.Data is not { } data)
        {
            return variantBytes;
        }

        long outputs = sizeof(float) * (long)network.OutputSize * SweepSession.SamplesPerTrial;
        long checkpoint = session.Model.Space.Layers.Max(layer => network.CheckpointBytes(layer.Name, ModelRunner.Batch));
        long probed = session.Model.Space.Layers.Max(layer => layer.Schemes.Length * ((sizeof(float) * layer.Weight.Shape.ElementCount * 2) + outputs));
        long input = sizeof(float) * data.SampleShape.ElementCount * ModelRunner.Batch;
        return network.WorkspaceBytes(ModelRunner.Batch) + input + Math.Max(variantBytes + (2 * outputs), checkpoint + probed);
    }

    /// <summary>The samples as they are held, and the uncompressed model's outputs.</summary>
    private static long DataBytes(SweepSession session)
    {
        long outputs = sizeof(float) * (long)session.Network!.OutputSize * (session.Spec.Samples.Choice + session.Spec.Samples.Confirm);
        return session.Data!.MemoryBytes + outputs;
    }
}
