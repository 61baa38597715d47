using System.Runtime.CompilerServices;
using SweepCluster.Compression.Joint;
using SweepCluster.Compression.Palettization.Tables;
using SweepCluster.Compression.Quantization;
using SweepCluster.Graphs.Schemes;

namespace SweepCluster.Compression;

/// <summary>What is wrong with a scheme whatever the weight: a scheme has to read back from its canonical text.</summary>
/// <remarks>Schemes can be made by code with any numbers. Each is read once; the answer is kept as long as the scheme is. Thread-safe.</remarks>
internal static class SchemeFaults
{
    private sealed record Answer(string? Fault);

    private static readonly ConditionalWeakTable<Scheme, Answer> s_answers = [];

    /// <summary>The fault in a few words, or null.</summary>
    internal static string? Of(Scheme scheme) => s_answers.GetValue(scheme, Read).Fault;

    // Where a family has own words for what is wrong, these.
    private static Answer Read(Scheme scheme)
    {
        string? fault = SchemeText.FaultOf(scheme);
        return new(fault is null ? null : scheme switch
        {
            PalettizeScheme palettize => PaletteApplicability.Combination(palettize) ?? fault,
            QuantizeScheme quantize => QuantizationCompressor.RefusesCodes(quantize) ?? fault,
            JointScheme joint => JointCompressor.Combination(joint) ?? fault,
            _ => fault,
        });
    }
}
