using System.Collections.Immutable;
using SweepCluster.Graphs.Schemes;

namespace SweepCluster.Sweeps.Specs;

/// <summary>One request, read from YAML and checked: model, data, objective, space of schemes, search, budget. Paths are absolute.</summary>
public sealed record SweepSpec
{
    /// <summary>Name shown in reports; the spec file's name without ending by default.</summary>
    public required string Name { get; init; }

    /// <summary>Path of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Deployment target, as <c>iOS18</c>; null for the model's own.</summary>
    public string? Target { get; init; }

    /// <summary>The labelled data; null where the objective is a user's own command.</summary>
    public DataSpec? Data { get; init; }

    /// <summary>What is measured and wanted.</summary>
    public required ObjectiveSpec Objective { get; init; }

    /// <summary>Samples for probes, choice and confirmation.</summary>
    public required SamplesSpec Samples { get; init; }

    /// <summary>Seed of everything that is drawn.</summary>
    public required long Seed { get; init; }

    /// <summary>Weights with at most this many elements are left alone. Default 2048, as in coremltools.</summary>
    public required long WeightThreshold { get; init; }

    /// <summary>The grid, expanded, in spec order, without repetitions.</summary>
    public required ImmutableArray<Scheme> Schemes { get; init; }

    /// <summary>Overrides by operation type, as <c>linear</c>.</summary>
    public required ImmutableSortedDictionary<string, LayerOverride> OpTypeConfigs { get; init; }

    /// <summary>Overrides by name of the weight or of an operation that reads it.</summary>
    public required ImmutableSortedDictionary<string, LayerOverride> OpNameConfigs { get; init; }

    /// <summary>Plans of the user's own, measured beside the others.</summary>
    public required ImmutableArray<GivenPlan> GivenPlans { get; init; }

    /// <summary>How plans are proposed.</summary>
    public required SearchSpec Search { get; init; }

    /// <summary>The whole spec as canonical text with paths replaced by file names: equal requests have equal text. Part of a sweep's identity.</summary>
    public required string Canonical { get; init; }
}
