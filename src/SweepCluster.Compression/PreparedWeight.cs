using SweepCluster.Compression.Palettization;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression;

/// <summary>One weight made ready once for many schemes: its values, and when a scheme first needs them its distinct values with counts, for the whole tensor and for each group.</summary>
/// <remarks>Thread-safe. Keeps the groups of the group size that was asked for last, so schemes are best asked for group size by group size. Schemes that work on the distinct values of float16 weights
/// never ask for <see cref="Values"/>.</remarks>
public sealed class PreparedWeight
{
    private readonly Lazy<ReadOnlyMemory<float>> _values;
    private readonly Lazy<string?> _nonFinite;
    private readonly Lazy<WeightGroups> _wholeTensor;
    private volatile WeightGroups? _groups;

    /// <summary>Prepares a weight. Nothing is computed before it is asked for.</summary>
    /// <param name="weight">The weight; compressed ones are decoded when their values are asked for.</param>
    /// <param name="importances">How much the squared error of each element counts, row-major: finite, 0 or more, not all 0. Empty where all count the same.
    /// Palettes of k-means and searched clipping ranges follow them; other schemes do not.</param>
    /// <exception cref="ArgumentException">There are more or fewer importances than elements, or one is negative or not finite, or all are 0.</exception>
    public PreparedWeight(Weight weight, ReadOnlyMemory<float> importances = default)
    {
        CheckImportances(importances.Span, weight.Shape.ElementCount);
        Source = weight;
        Importances = importances;
        StoredHalves = weight is { Type: ElementType.Float16, Stored: DenseWeight { Values: { Type: ElementType.Float16 } halves } } ? new CastMemory<Half>(halves.Bytes).Memory : default(ReadOnlyMemory<Half>?);
        _values = new(() => weight.Stored is DenseWeight { Type: ElementType.Float32, Values: { Type: ElementType.Float32 } stored }
            ? new CastMemory<float>(stored.Bytes).Memory
            : Decompressor.ToFloat32(weight.Stored));
        _nonFinite = new(() => FiniteCheck.Describe(this));
        _wholeTensor = new(() => new WeightGroups(this, 0, isBinned: false));
    }

    /// <summary>The weight.</summary>
    public Weight Source { get; }

    /// <summary>How much each element's squared error counts; empty where all count the same.</summary>
    public ReadOnlyMemory<float> Importances { get; }

    /// <summary>Its values as float32, row-major. Float16 converts exactly; float32 is not copied.</summary>
    public ReadOnlyMemory<float> Values => _values.Value;

    /// <summary>Why the values cannot be compressed: NaN or infinity among them, with the first place; null where all are finite.</summary>
    public string? NonFinite => _nonFinite.Value;

    /// <summary>Number of distinct values in the whole tensor. The two zeros count as one.</summary>
    public int DistinctCount => _wholeTensor.Value[0].Values.Length;

    // The stored float16 numbers, where the weight is dense float16; else null.
    internal ReadOnlyMemory<Half>? StoredHalves { get; }

    // The same where they are known to be.
    internal ReadOnlySpan<Half> Halves => (StoredHalves ?? throw new InvalidOperationException($"The weight '{Source.Name}' holds no dense float16 values.")).Span;

    // Distinct values for each group of channels; group size 0 is one group that holds everything. Float16 has no more values than there are bins, and is never binned.
    internal WeightGroups Groups(int groupSize, bool isBinned = false)
    {
        isBinned &= Source.Type == ElementType.Float32;
        if (groupSize == 0 && !isBinned)
        {
            return _wholeTensor.Value;
        }

        WeightGroups? groups = _groups;
        if (groups is null || groups.GroupSize != groupSize || groups.IsBinned != isBinned)
        {
            _groups = groups = new WeightGroups(this, groupSize, isBinned);
        }

        return groups;
    }

    private static void CheckImportances(ReadOnlySpan<float> importances, long elements)
    {
        if (importances.IsEmpty)
        {
            return;
        }

        if (importances.Length != elements)
        {
            throw new ArgumentException($"Found {importances.Length} importances, expected one for each of {elements} elements.", nameof(importances));
        }

        bool any = false;
        for (int i = 0; i < importances.Length; i++)
        {
            any |= importances[i] > 0;
            if (!(importances[i] >= 0) || !float.IsFinite(importances[i]))
            {
                throw new ArgumentException($"Importance {i} is {importances[i]}, expected a finite number of 0 or more.", nameof(importances));
            }
        }

        if (!any)
        {
            throw new ArgumentException("Every importance is 0, expected at least one above 0.", nameof(importances));
        }
    }
}
