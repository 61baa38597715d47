using System.Collections.Immutable;

namespace SweepCluster.Graphs;

/// <summary>Extents of a tensor, outermost first; -1 stands for an extent that the model leaves open.</summary>
public readonly struct Shape : IEquatable<Shape>
{
    private readonly ImmutableArray<int> _extents;

    /// <summary>A shape of the given extents.</summary>
    /// <param name="extents">Each 0 or more, or -1 where unknown. None at all is a scalar.</param>
    /// <exception cref="ArgumentOutOfRangeException">An extent is below -1.</exception>
    public Shape(params ReadOnlySpan<int> extents)
    {
        foreach (int extent in extents)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(extent, -1, nameof(extents));
        }

        _extents = [.. extents];
    }

    /// <summary>The shape of a scalar: rank 0, one element.</summary>
    public static Shape Scalar => default;

    /// <summary>The extents, outermost first.</summary>
    public ImmutableArray<int> Extents => _extents.IsDefault ? [] : _extents;

    /// <summary>Number of axes.</summary>
    public int Rank => Extents.Length;

    /// <summary>Whether every extent is known.</summary>
    public bool IsKnown => !Extents.Contains(-1);

    /// <summary>Number of elements; 1 for a scalar.</summary>
    /// <exception cref="InvalidOperationException">An extent is unknown.</exception>
    /// <exception cref="OverflowException">The product does not fit in 64 bits.</exception>
    public long ElementCount
    {
        get
        {
            long count = 1;
            foreach (int extent in Extents)
            {
                count = extent >= 0 ? checked(count * extent) : throw new InvalidOperationException($"The shape {this} has an unknown extent.");
            }

            return count;
        }
    }

    /// <summary>The extent of one axis.</summary>
    public int this[int axis] => Extents[axis];

    /// <summary>The extent of one axis, which may be counted from the end.</summary>
    public int this[Index axis] => Extents[axis.GetOffset(Rank)];

    /// <summary>Whether two shapes have the same extents.</summary>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>Whether two shapes differ.</summary>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <summary>The same shape with one extent replaced.</summary>
    public Shape With(int axis, int extent) => new(Extents.SetItem(axis, extent).AsSpan());

    /// <summary>Turns an axis counted from the end (-1 is the last) into one counted from the start.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The axis lies outside the rank.</exception>
    public int ResolveAxis(int axis) => axis >= -Rank && axis < Rank
        ? (axis + Rank) % Rank
        : throw new ArgumentOutOfRangeException(nameof(axis), axis, $"The shape {this} has {Rank} axes.");

    /// <inheritdoc/>
    public bool Equals(Shape other) => Extents.AsSpan().SequenceEqual(other.Extents.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (int extent in Extents)
        {
            hash.Add(extent);
        }

        return hash.ToHashCode();
    }

    /// <summary>The extents in brackets: <c>[16, 3, 3, 3]</c>; an unknown one is <c>?</c>.</summary>
    public override string ToString() => "[" + string.Join(", ", Extents.Select(extent => extent < 0 ? "?" : extent.ToString(null, null))) + "]";
}
