using SweepCluster.Engine.Actors;
using SweepCluster.Engine.Sessions;
using SweepCluster.Engine.Stores;
using SweepCluster.Graphs;

namespace SweepCluster.Engine.Runs;

/// <summary>Memory that a sweep takes, estimated from shapes before it starts.</summary>
internal static class MemoryNeeds
{
    /// <summary>What a process takes before it has a sweep, part of every sweep's <see cref="SweepNeeds.SharedBytes"/>: the runtime, its heap before it is collected, the program itself. The quickstart peaks at 186 MiB in all.</summary>
    internal const long ProgramBytes = 192L << 20;

    private const int PreparedBytesPerElement = 24; // values, sorted copies, prefix sums of a weight that is being compressed

    /// <summary>What a silo must have to work on a sweep.</summary>
    internal static SweepNeeds Of(SweepSession session)
    {
        SweepModel model = session.Model;
        long values = sizeof(float) * model.Elements;
        long stored = model.Graph.Weights.Sum(weight => weight.Stored.PayloadBytes);
        long largestLayer = model.Space.Layers.Max(layer => layer.Weight.Shape.ElementCount);
        long compressing = PreparedBytesPerElement * largestLayer;
        return new SweepNeeds(
            ProgramBytes + stored + values + (session.Network is null ? 0 : values + DataBytes(session)),
            Math.Max(compressing, MeasuringBytes(session, values + values + stored)),
            !session.Spec.Objective.Command.IsEmpty);
    }

    /// <summary>Refuses a sweep that does not fit.</summary>
    /// <exception cref="BadInputException">It does not; says how much it takes and how much there is.</exception>
    internal static void Check(SweepSession session, int slots, long memoryBytes)
    {
        SweepNeeds needs = Of(session);
        long needed = needs.BytesOn(slots);
        if (needed > memoryBytes)
        {
            string advice = needs.BytesOn(1) <= memoryBytes ? "; use fewer slots" : "";
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
