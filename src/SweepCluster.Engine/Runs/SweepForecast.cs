using System.Collections.Immutable;
using SweepCluster.Engine.Stores;
using SweepCluster.Sweeps.Evaluation;

namespace SweepCluster.Engine.Runs;

/// <summary>What a sweep will be, before it runs: <c>sweep plan</c>.</summary>
public sealed record SweepForecast
{
    /// <summary>The uncompressed model's metrics on the choice samples, by name; empty where a command measures.</summary>
    public required ImmutableSortedDictionary<string, Estimate> Baseline { get; init; }

    /// <summary>What the model is, with its deployment target: <c>Core ML package, ML program, iOS18</c>.</summary>
    public required string ModelFormat { get; init; }

    /// <summary>Deployment target of what is written.</summary>
    public required string Target { get; init; }

    /// <summary>Bytes of the uncompressed model, exported for the target.</summary>
    public required long BaselineBytes { get; init; }

    /// <summary>Layers that will be compressed.</summary>
    public required int Layers { get; init; }

    /// <summary>Weights that are left alone, with the reason, in program order.</summary>
    public required ImmutableArray<KeyValuePair<string, string>> LeftAlone { get; init; }

    /// <summary>Pairs of layer and scheme that are impossible.</summary>
    public required int Refusals { get; init; }

    /// <summary>Distinct cells to make.</summary>
    public required int Cells { get; init; }

    /// <summary>Probes: pairs of layer and scheme to measure.</summary>
    public required int Probes { get; init; }

    /// <summary>Uniform and given trials.</summary>
    public required int UniformTrials { get; init; }

    /// <summary>Mixed trials, at most.</summary>
    public required int MixedTrials { get; init; }

    /// <summary>Samples of each probe, of each trial, and of each confirmation.</summary>
    public required (int Probe, int Choice, int Confirm) Samples { get; init; }

    /// <summary>Bytes of all cells on disk, estimated from the schemes.</summary>
    public required long CellBytes { get; init; }

    /// <summary>Bytes of model and data, which go to the store where a cluster runs it.</summary>
    public required long FileBytes { get; init; }

    /// <summary>Memory that whoever works on it needs: shared by its jobs, and for each slot.</summary>
    public required SweepNeeds Needs { get; init; }

    /// <summary>Memory that the sweep needs with this many slots, in bytes.</summary>
    public long MemoryBytes => Needs.BytesOn(Slots);

    /// <summary>Slots that the estimates hold for.</summary>
    public required int Slots { get; init; }

    /// <summary>Time of one sample through the model on one thread, measured on this machine; null where a command measures.</summary>
    public required TimeSpan? TimePerSample { get; init; }

    /// <summary>Wall time of the whole sweep, estimated from what was measured on this machine; null where a command measures, of which nothing is known.</summary>
    public required TimeSpan? Duration { get; init; }

    /// <summary>Things a person should know: a raised target, samples that are fewer than asked for.</summary>
    public required ImmutableArray<string> Notices { get; init; }
}
