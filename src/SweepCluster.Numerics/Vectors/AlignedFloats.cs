using System.Runtime.CompilerServices;

namespace SweepCluster.Numerics.Vectors;

/// <summary>Floats that start on a cache line and never move.</summary>
public sealed unsafe class AlignedFloats
{
    private const int Alignment = 64;

    /// <summary>How many floats there can be.</summary>
    public static readonly int MaxLength = Array.MaxLength - (Alignment / sizeof(float));

    private readonly float[] _storage;
    private readonly int _offset;

    /// <summary>Zeros.</summary>
    /// <param name="length">How many, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is below 0 or above <see cref="MaxLength"/>.</exception>
    public AlignedFloats(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MaxLength);
        _storage = GC.AllocateArray<float>(length + (Alignment / sizeof(float)), pinned: true);
        nuint address = (nuint)Unsafe.AsPointer(ref _storage[0]);
        _offset = (int)((Alignment - (address % Alignment)) % Alignment / sizeof(float));
        Length = length;
    }

    /// <summary>How many floats.</summary>
    public int Length { get; }

    /// <summary>The floats.</summary>
    public Span<float> Span => _storage.AsSpan(_offset, Length);

    /// <summary>A copy of the given values, filled up with zeros.</summary>
    /// <param name="values">The values.</param>
    /// <param name="multiple">The length is rounded up to a multiple of this.</param>
    public static AlignedFloats CopyOf(ReadOnlySpan<float> values, int multiple = 1)
    {
        AlignedFloats copy = new((values.Length + multiple - 1) / multiple * multiple);
        values.CopyTo(copy.Span);
        return copy;
    }
}
