using System.Collections.Immutable;
using System.Security.Cryptography;

namespace SweepCluster.Graphs.Weights;

/// <summary>One constant float tensor of a model, with every operation that reads it. In the sweep's words, a layer.</summary>
public sealed class Weight
{
    private string? _hash;

    /// <summary>A weight of a model.</summary>
    /// <param name="name">Name of the constant; unique in its graph.</param>
    /// <param name="stored">As the file stores it: a <see cref="DenseWeight"/>, or already compressed.</param>
    /// <param name="uses">Operations that read it, in program order; at least one.</param>
    /// <param name="outputAxis">Axis of output channels as the reading operations see it, 0-based.</param>
    /// <param name="inputAxis">Axis of input channels, 0-based.</param>
    /// <param name="conflict">Set where its uses disagree on the axes, or it cannot be replaced; says why.</param>
    /// <param name="chain">The operations that store it, where no stored form says what they do together; its values are those of <paramref name="stored"/>.</param>
    public Weight(string name, CompressedWeight stored, ImmutableArray<WeightUse> uses, int outputAxis, int inputAxis, string? conflict = null, string? chain = null)
    {
        Name = name;
        Stored = stored;
        Uses = uses;
        OutputAxis = outputAxis;
        InputAxis = inputAxis;
        Conflict = conflict;
        Chain = chain;
    }

    /// <summary>Name of the constant; unique in its graph.</summary>
    public string Name { get; }

    /// <summary>The weight as the file stores it.</summary>
    public CompressedWeight Stored { get; }

    /// <summary>Type of its values.</summary>
    public ElementType Type => Stored.Type;

    /// <summary>Its shape.</summary>
    public Shape Shape => Stored.Shape;

    /// <summary>Operations that read it, in program order.</summary>
    public ImmutableArray<WeightUse> Uses { get; }

    /// <summary>Axis of output channels.</summary>
    public int OutputAxis { get; }

    /// <summary>Axis of input channels.</summary>
    public int InputAxis { get; }

    /// <summary>Why it cannot be compressed at all, in a few words; null where it can.</summary>
    public string? Conflict { get; }

    /// <summary>The operations that store it, where no stored form says what they do together; null elsewhere.</summary>
    public string? Chain { get; }

    /// <summary>Whether it is stored value by value, in the type in which it is read.</summary>
    public bool IsPlain => Chain is null && Stored is DenseWeight dense && dense.Values.Type == dense.Type;

    /// <summary>Why running the graph does not show what compressing it does, in a few words: only functions read it that the graph does not show. Null where it does.</summary>
    public string? Unmeasured { get; init; }

    /// <summary>SHA-256, lower-case hexadecimal, over type, shape and stored parts. Equal weights have equal hashes, whatever their names.</summary>
    public string Hash => _hash ??= ComputeHash();

    /// <summary>What reads it, beside its values all that a compression may depend on: type and input of each operation in ordinal order, as <c>conv.weight linear.weight</c>.</summary>
    public string Readers => string.Join(' ', Uses.Select(use => $"{use.OpType}.{use.Input}").Order(StringComparer.Ordinal));

    private string ComputeHash()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes($"{Stored.GetType().Name} {Type.Name()} {Shape}"));
        foreach ((string role, TensorData part) in Stored.Parts)
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes($"\n{role} {part.Type.Name()} {part.Shape}\n"));
            foreach (ReadOnlyMemory<byte> piece in FileMemory.Pieces(part.Bytes))
            {
                hash.AppendData(piece.Span);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
