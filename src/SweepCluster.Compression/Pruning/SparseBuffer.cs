using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;
using SweepCluster.Numerics.Sparsity;

namespace SweepCluster.Compression.Pruning;

/// <summary>Room for a mask and for the numbers that it keeps, in one array: whoever holds the one needs the other, and one large array costs less than two.</summary>
/// <typeparam name="T"><see cref="ushort"/> for float16, <see cref="uint"/> for float32.</typeparam>
internal readonly struct SparseBuffer<T>
    where T : unmanaged
{
    // Where a larger part of the room is unused, all moves to an array that fits.
    private const double MostUnused = 0.125;

    private const int Alignment = 8;

    private readonly byte[] _bytes;
    private readonly int _maskLength;

    /// <summary>Makes room, filled with anything.</summary>
    /// <param name="elements">Elements of the weight.</param>
    /// <param name="kept">As many or more than will be kept.</param>
    internal SparseBuffer(int elements, int kept)
    {
        _maskLength = SparsePacking.MaskLength(elements);
        _bytes = GC.AllocateUninitializedArray<byte>(checked(Start(_maskLength) + (kept * Unsafe.SizeOf<T>())));
    }

    internal Span<byte> Mask => _bytes.AsSpan(0, _maskLength);

    internal Span<T> Kept => MemoryMarshal.Cast<byte, T>(_bytes.AsSpan(Start(_maskLength)));

    /// <summary>The weight of this mask and of the first of the kept numbers.</summary>
    /// <param name="weight">What was pruned.</param>
    /// <param name="count">How many were kept.</param>
    internal SparseWeight ToWeight(Weight weight, int count)
    {
        SparseBuffer<T> buffer = this;
        if (Kept.Length - count > Kept.Length * MostUnused)
        {
            buffer = new((int)weight.Shape.ElementCount, count);
            Mask.CopyTo(buffer.Mask);
            Kept[..count].CopyTo(buffer.Kept);
        }

        return new SparseWeight(
            new TensorData(ElementType.UInt1, weight.Shape, buffer._bytes.AsMemory(0, _maskLength)),
            new TensorData(weight.Type, new Shape(count), buffer._bytes.AsMemory(Start(_maskLength), count * Unsafe.SizeOf<T>())));
    }

    private static int Start(int maskLength) => (maskLength + Alignment - 1) / Alignment * Alignment;
}
