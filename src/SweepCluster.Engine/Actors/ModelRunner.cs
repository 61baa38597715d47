using System.Collections.Concurrent;
using SweepCluster.Engine.Sessions;
using SweepCluster.Graphs;
using SweepCluster.Inference;
using SweepCluster.Sweeps.Evaluation;

namespace SweepCluster.Engine.Actors;

/// <summary>Runs a session's network and its variants over samples, batch by batch, on the calling thread. Memory is pooled between jobs.</summary>
internal sealed class ModelRunner(SweepSession session)
{
    /// <summary>Samples of one batch.</summary>
    internal const int Batch = 32;

    private readonly ConcurrentBag<Slot> _slots = [];

    private Network Baseline => session.Network!;

    /// <summary>Outputs of a network, <c>[samples, classes]</c>.</summary>
    internal float[] Run(Network network, ReadOnlySpan<int> samples, CancellationToken cancellationToken)
    {
        float[] outputs = new float[samples.Length * network.OutputSize];
        Slot slot = Rent();
        for (int first = 0; first < samples.Length; first += Batch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(Batch, samples.Length - first);
            Read(samples.Slice(first, count), slot.Input);
            network.Run(slot.Input, count, outputs.AsSpan(first * network.OutputSize, count * network.OutputSize), slot.Workspace);
        }

        _slots.Add(slot);
        return outputs;
    }

    /// <summary>Outputs of several variants of the uncompressed network: what stands before the first weight in which one differs is computed once.</summary>
    /// <param name="weight">The first of all weights in which a variant differs, as <see cref="Network.FirstRead"/> finds it.</param>
    /// <param name="variants">The variants.</param>
    /// <param name="samples">Indices of samples.</param>
    /// <param name="cancellationToken">Stops between two runs.</param>
    /// <returns>One array <c>[samples, classes]</c> for each variant.</returns>
    internal float[][] RunVariants(string weight, Network[] variants, ReadOnlySpan<int> samples, CancellationToken cancellationToken)
    {
        int classes = Baseline.OutputSize;
        float[][] outputs = new float[variants.Length][];
        for (int variant = 0; variant < variants.Length; variant++)
        {
            outputs[variant] = new float[samples.Length * classes];
        }

        Slot slot = Rent();
        for (int first = 0; first < samples.Length; first += Batch)
        {
            int count = Math.Min(Batch, samples.Length - first);
            Read(samples.Slice(first, count), slot.Input);
            Checkpoint checkpoint = Baseline.RunUpTo(weight, slot.Input, count, slot.Workspace);
            for (int variant = 0; variant < variants.Length; variant++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                variants[variant].RunFrom(checkpoint, outputs[variant].AsSpan(first * classes, count * classes), slot.Workspace);
            }
        }

        _slots.Add(slot);
        return outputs;
    }

    /// <summary>Adds up what outputs say beside the uncompressed model's.</summary>
    internal OutcomeTally Compare(float[] outputs, float[] reference, ReadOnlySpan<int> samples) =>
        OutcomeTally.Compare(outputs, reference, session.Data!.LabelsOf(samples), Baseline.OutputSize, OutputKind.Logits);

    private void Read(ReadOnlySpan<int> samples, Span<float> input)
    {
        int values = (int)session.Data!.SampleShape.ElementCount;
        try
        {
            for (int i = 0; i < samples.Length; i++)
            {
                session.Data.Read(samples[i], input.Slice(i * values, values));
            }
        }
        catch (Exception error) when (error is BadInputException or IOException or UnauthorizedAccessException)
        {
            throw new DataUnavailableException(error.Message, error);
        }
    }

    private Slot Rent() => _slots.TryTake(out Slot? slot) ? slot : new Slot(
        Baseline.CreateWorkspace(Batch), new float[checked((int)session.Data!.SampleShape.ElementCount * Batch)]);

    private sealed record Slot(Workspace Workspace, float[] Input);
}
