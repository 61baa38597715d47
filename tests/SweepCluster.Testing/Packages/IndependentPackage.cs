namespace SweepCluster.Testing.Packages;

/// <summary>What the independent reader finds in a package.</summary>
public sealed record IndependentPackage
{
    /// <summary>The model's specification version.</summary>
    public required int SpecificationVersion { get; init; }

    /// <summary>The main function's operation set, as <c>CoreML8</c>.</summary>
    public required string Opset { get; init; }

    /// <summary>Types of the operations of the main function's block, in order, constants included.</summary>
    public required IReadOnlyList<string> Operations { get; init; }

    /// <summary>Every operation of every function as one line, with maps in order and blobs named by what they hold, so that equal programs give equal lines.</summary>
    public required IReadOnlyList<string> Program { get; init; }

    /// <summary>Every field of the model's description, in an order that depends on the content alone.</summary>
    public required IReadOnlyList<string> Description { get; init; }

    /// <summary>Values of every float16 and float32 constant of rank 1 or more that an operation of the main block reads, decoded, by <c>consumer's output.input</c>.</summary>
    public required IReadOnlyDictionary<string, float[]> Weights { get; init; }

    /// <summary>Type and shape of each of <see cref="Weights"/>, as <c>fp16[16,3]</c>.</summary>
    public required IReadOnlyDictionary<string, string> Types { get; init; }

    /// <summary>Name of the constant that each of <see cref="Weights"/> is read from.</summary>
    public required IReadOnlyDictionary<string, string> Sources { get; init; }

    /// <summary>Number of different blobs that the program refers to.</summary>
    public required int BlobCount { get; init; }
}
