using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;
using SweepCluster.Numerics.Halves;

namespace SweepCluster.Compression.Quantization;

/// <summary>The codes that a scheme uses.</summary>
/// <param name="Min">Smallest code.</param>
/// <param name="Max">Largest code.</param>
/// <param name="Symmetric">Whether the codes lie evenly around the zero point.</param>
internal readonly record struct CodeRange(int Min, int Max, bool Symmetric)
{
    internal int Steps => Max - Min;

    // What a symmetric code means by 0.
    internal int Middle => Min < 0 ? 0 : Max / 2;

    // Symmetric codes leave one code of the type unused, so that as many lie above zero as below.
    internal static CodeRange Of(QuantizeScheme scheme) => Of(scheme.CodeType, scheme.Symmetric);

    // What of the range a device can decode from scales of a type: one that computes in float16 makes infinity of a code beyond its largest number, or so far from its zero point. Only codes of 16 bits come so far.
    internal CodeRange Within(ElementType type, DecodeArithmetic arithmetic)
    {
        bool fits = type != ElementType.Float16 || arithmetic != DecodeArithmetic.ScaleType || Steps <= HalfRange.Largest || (Symmetric && Min < 0);
        return fits ? this : this with { Min = Min < 0 ? -HalfRange.Largest / 2 : 0, Max = Min < 0 ? HalfRange.Largest / 2 : HalfRange.Largest };
    }

    internal static CodeRange Of(ElementType codeType, bool symmetric)
    {
        int codes = 1 << codeType.BitWidth();
        return (codeType.IsSigned(), symmetric) switch
        {
            (true, true) => new(-(codes / 2) + 1, (codes / 2) - 1, true),
            (true, false) => new(-(codes / 2), (codes / 2) - 1, false),
            (false, true) => new(0, codes - 2, true),
            (false, false) => new(0, codes - 1, false),
        };
    }
}
