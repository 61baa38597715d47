using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;
using SweepCluster.Numerics.Halves;
using SweepCluster.Numerics.Packing;

namespace SweepCluster.Compression.Quantization;

/// <summary>Linear quantization as coremltools computes it: every step in the weight's own type, bit for bit.</summary>
/// <remarks>
/// Its outcomes where its arithmetic leaves the numbers: an all-zero block has scale 0, its codes and a linear zero point are 0/0 there, and NumPy's cast of NaN to an integer of 8 bits gives 0 on
/// x86-64 and on arm64, so they are 0 and the block decodes to zeros. A scale that underflows to 0 puts every other value at an end of the range, and decodes to 0. A zero point beyond float16
/// (the weight's largest values times 255, from about 257 on) is infinite and clipped, or NaN and then 0, with all codes of the block. These are followed. A scale that is infinite decodes to
/// NaN, and a scale that was rounded up can take a code that is used past the type's end, where it decodes to infinity; such weights are refused.
/// </remarks>
internal static class CoreMlToolsQuantizer
{
    private const float SafeQuotient = 60000f; // beyond every range of codes, and float16 holds it

    internal static QuantizedWeight Compress(PreparedWeight weight, QuantizeScheme scheme, CompressOptions options, CancellationToken cancellationToken)
    {
        if (weight.NonFinite is not null)
        {
            throw Applicability.NotFinite(weight, scheme);
        }

        Weight source = weight.Source;
        bool halves = source.Type == ElementType.Float16;
        CodeRange range = CodeRange.Of(scheme);
        int[] counts = QuantizeBlocks.Counts(source, scheme);
        BlockRuns runs = new(source.Shape, counts);
        ReadOnlySpan<float> values = weight.Values.Span;
        (float Scale, float Zero)[] blocks = Fit(values, runs, range, halves);
        int infinite = Array.FindIndex(blocks, block => !float.IsFinite(block.Scale));
        if (infinite >= 0)
        {
            string reason = string.Create(CultureInfo.InvariantCulture, $"block {infinite} spans more than {source.Type.Name()} holds, and coremltools computes in that type: its scale would be infinite");
            throw new SchemeNotApplicableException(source.Name, scheme.Canonical, reason);
        }

        cancellationToken.ThrowIfCancellationRequested();
        byte[] codes = GC.AllocateUninitializedArray<byte>(values.Length);
        foreach ((int start, int block) in runs)
        {
            Encode(values.Slice(start, runs.RunLength), blocks[block].Scale, blocks[block].Zero, range, halves, codes.AsSpan(start, runs.RunLength));
        }

        ThrowIfDecodedPastType(codes, blocks, runs, range, weight, scheme, options);
        byte[] packed = GC.AllocateUninitializedArray<byte>((int)scheme.CodeType.ByteCount(codes.Length));
        BitPacking.Pack(codes, scheme.CodeType.BitWidth(), packed);
        Shape blockShape = new(counts);
        bool hasZeros = !scheme.Symmetric || range.Middle != 0;
        return new QuantizedWeight(
            new TensorData(scheme.CodeType, source.Shape, packed),
            TensorData.FromFloats(source.Type, blockShape, Array.ConvertAll(blocks, block => block.Scale)),
            hasZeros ? TensorData.FromCodes(scheme.CodeType, blockShape, Array.ConvertAll(blocks, block => Cast(block.Zero))) : null,
            options.Arithmetic);
    }

    // Looks at the codes of those blocks alone whose range could decode to infinity.
    private static void ThrowIfDecodedPastType(
        byte[] codes, (float Scale, float Zero)[] blocks, BlockRuns runs, CodeRange range, PreparedWeight weight, QuantizeScheme scheme, CompressOptions options)
    {
        DeviceArithmetic device = DeviceArithmetic.Of(weight.Source.Type, options.Arithmetic, scheme.CodeType.BitWidth());
        bool[] suspects = Array.ConvertAll(blocks, block => !float.IsFinite(Value(range.Min, block)) || !float.IsFinite(Value(range.Max, block)));
        if (!suspects.Contains(true))
        {
            return;
        }

        foreach ((int start, int block) in runs)
        {
            for (int i = start; suspects[block] && i < start + runs.RunLength; i++)
            {
                int code = range.Min < 0 ? (sbyte)codes[i] : codes[i];
                if (!float.IsFinite(Value(code, blocks[block])))
                {
                    string reason = string.Create(
                        CultureInfo.InvariantCulture, $"element {i} would decode to infinity: code {code} in block {block} of scale {blocks[block].Scale}, which coremltools rounds in {weight.Source.Type.Name()}");
                    throw new SchemeNotApplicableException(weight.Source.Name, scheme.Canonical, reason);
                }
            }
        }

        float Value(int code, (float Scale, float Zero) block) => device.Value(code, new BlockScale(block.Scale, Cast(block.Zero)));
    }

    // The zero point is kept as the number that the reference adds to the codes: it may be NaN.
    private static (float Scale, float Zero)[] Fit(ReadOnlySpan<float> values, BlockRuns runs, CodeRange range, bool halves)
    {
        (float[] smallest, float[] largest) = BlockExtremes.Of(values, runs);
        (float, float)[] blocks = new (float, float)[runs.BlockCount];
        for (int block = 0; block < blocks.Length; block++)
        {
            blocks[block] = range.Symmetric
                ? Symmetric(Math.Max(Math.Abs(smallest[block]), Math.Abs(largest[block])), range, halves)
                : Linear(Math.Min(0, smallest[block]), Math.Max(0, largest[block]), range, halves);
        }

        return blocks;
    }

    private static (float Scale, float Zero) Symmetric(float largest, CodeRange range, bool halves) =>
        (Round(Round(largest + largest, halves) / range.Steps, halves), range.Middle);

    private static (float Scale, float Zero) Linear(float min, float max, CodeRange range, bool halves)
    {
        float width = Round(max - min, halves);
        float zero = Round(Round(Round(range.Min * max, halves) - Round(range.Max * min, halves), halves) / width, halves);
        return (Round(width / range.Steps, halves), Math.Clamp(MathF.Round(zero), range.Min, range.Max));
    }

    private static void Encode(ReadOnlySpan<float> values, float scale, float zero, CodeRange range, bool halves, Span<byte> codes)
    {
        ref float from = ref MemoryMarshal.GetReference(values);
        ref byte to = ref MemoryMarshal.GetReference(codes);
        int i = 0;
        for (; scale > 0 && float.IsFinite(zero) && Vector128.IsHardwareAccelerated && i + Vector512<float>.Count <= values.Length; i += Vector512<float>.Count)
        {
            Vector512<float> quotient = Vector512.LoadUnsafe(ref from, (nuint)i) / Vector512.Create(scale);
            quotient = Vector512.Max(Vector512.Min(quotient, Vector512.Create(SafeQuotient)), Vector512.Create(-SafeQuotient));
            Vector512<float> code = Vector512.Round(halves ? HalfLanes.Round(quotient) : quotient) + Vector512.Create(zero);
            code = Vector512.Max(Vector512.Min(code, Vector512.Create((float)range.Max)), Vector512.Create((float)range.Min));
            ByteCodes.Store(Vector512.ConvertToInt32(code), ref to, (nuint)i);
        }

        EncodeScalar(values[i..], scale, zero, range, halves, codes[i..]);
    }

    // The definition, with the scale of an all-zero block.
    internal static void EncodeScalar(ReadOnlySpan<float> values, float scale, float zero, CodeRange range, bool halves, Span<byte> codes)
    {
        for (int i = 0; i < values.Length; i++)
        {
            float code = Round(MathF.Round(Round(values[i] / scale, halves)) + zero, halves);
            codes[i] = (byte)Cast(Math.Clamp(code, range.Min, range.Max));
        }
    }

    private static int Cast(float code) => float.IsNaN(code) ? 0 : (int)code;

    private static float Round(float value, bool halves) => halves ? (float)(Half)value : value;
}
