using System.Collections.Immutable;

namespace SweepCluster.Graphs;

/// <summary>What a model file says of itself beside its operations and weights: for people, and to tell the kinds of model apart.</summary>
public sealed record ModelFacts
{
    /// <summary>What the file holds: <c>ML program</c>, <c>neural network classifier</c>, <c>pipeline</c>, ...</summary>
    public required string Kind { get; init; }

    /// <summary>Where it holds it: <c>package</c> or <c>file</c>.</summary>
    public required string Container { get; init; }

    /// <summary>Extension that such a model's path has, as <c>.mlpackage</c>; what is made of the model has it too.</summary>
    public required string Extension { get; init; }

    /// <summary>Version of the specification that the file was written to.</summary>
    public required int SpecificationVersion { get; init; }

    /// <summary>The first system that runs it, as <c>iOS17</c>; also the target that a write has where none is asked for and nothing needs a newer one.</summary>
    public required string Target { get; init; }

    /// <summary>The main function's operation set, as <c>CoreML7</c>; null where the kind has none.</summary>
    public string? OperationSet { get; init; }

    /// <summary>Functions, the main one first and then by name; empty where the kind has none.</summary>
    public ImmutableArray<FunctionFacts> Functions { get; init; } = [];

    /// <summary>States that the model keeps between predictions.</summary>
    public ImmutableArray<ValueInfo> States { get; init; } = [];

    /// <summary>Models of a pipeline, each with its kind, in order; empty elsewhere.</summary>
    public ImmutableArray<string> Stages { get; init; } = [];

    /// <summary>What a neural network does to its inputs first, by input: <c>image: scale 0.0039, bias red -0.5, green -0.5, blue -0.5</c>. An ML program has operations for that.</summary>
    public ImmutableArray<string> Preprocessing { get; init; } = [];

    /// <summary>Author, licence, version, description and what else its maker noted down, by name.</summary>
    public ImmutableSortedDictionary<string, string> Metadata { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}
