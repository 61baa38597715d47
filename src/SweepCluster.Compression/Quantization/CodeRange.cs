using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;

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
    internal static CodeRange Of(QuantizeScheme scheme)
    {
        int codes = 1 << scheme.CodeType.BitWidth();
        bool isSigned = scheme.CodeType is ElementType.Int8 or ElementType.Int4;
        return (isSigned, scheme.Symmetric) switch
        {
            (true, true) => new(-(codes / 2) + 1, (codes / 2) - 1, true),
            (true, false) => new(-(codes / 2), (codes / 2) - 1, false),
            (false, true) => new(0, codes - 2, true),
            (false, false) => new(0, codes - 1, false),
        };
    }
}
