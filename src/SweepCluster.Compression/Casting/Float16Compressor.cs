using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;
using SweepCluster.Numerics.Halves;
using SweepCluster.Numerics.Sparsity;

namespace SweepCluster.Compression.Casting;

/// <summary>A float32 weight stored as float16, rounded to nearest, ties to even; the device casts it back.</summary>
/// <remarks>Values below float16's smallest normal number become its denormals, or zero of the same sign. Values that would round to infinity (65,520 and beyond), NaN and infinity are refused.</remarks>
internal sealed class Float16Compressor : ICompressor
{
    /// <inheritdoc/>
    public string? Refuses(Weight weight, Scheme scheme) =>
        Applicability.RefusesAny(weight) ?? (weight.Type == ElementType.Float16 ? "already float16" : null);

    /// <inheritdoc/>
    public CompressedWeight Compress(PreparedWeight weight, Scheme scheme, CompressOptions options, CancellationToken cancellationToken)
    {
        Applicability.Admit<Float16Scheme>(this, weight, scheme);
        ReadOnlyMemory<byte> source = ((DenseWeight)weight.Source.Stored).Values.Bytes;
        int count = source.Length / sizeof(float);
        byte[] halves = GC.AllocateUninitializedArray<byte>(count * 2);
        ElementRanges ranges = new(count, options.Threads);
        bool[] fits = new bool[ranges.Count];
        ranges.ForEach(range =>
        {
            (int start, int length) = ranges[range];
            ReadOnlySpan<float> values = MemoryMarshal.Cast<byte, float>(source.Span).Slice(start, length);
            Magnitudes.CountAbove(MemoryMarshal.Cast<float, uint>(values), uint.MaxValue, out uint largest);
            fits[range] = BitConverter.UInt32BitsToSingle(largest) < HalfRange.FirstInfinite;
            TensorPrimitives.ConvertToHalf(values, MemoryMarshal.Cast<byte, Half>(halves.AsSpan()).Slice(start, length));
        });
        return !fits.Contains(false)
            ? new DenseWeight(ElementType.Float32, new TensorData(ElementType.Float16, weight.Source.Shape, halves))
            : throw new SchemeNotApplicableException(weight.Source.Name, scheme.Canonical, Beyond(MemoryMarshal.Cast<byte, float>(source.Span)));
    }

    private static string Beyond(ReadOnlySpan<float> values)
    {
        int i = 0;
        while (Math.Abs(values[i]) < HalfRange.FirstInfinite)
        {
            i++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"element {i} is {values[i]}, beyond float16's {(float)Half.MaxValue}");
    }
}
