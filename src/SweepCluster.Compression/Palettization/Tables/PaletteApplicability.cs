using System.Globalization;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Palettization.Tables;

/// <summary>What the modes, vectors, scales and 8-bit tables ask of a weight, judged by type and shape, and of each other.</summary>
internal static class PaletteApplicability
{
    private static readonly int[] s_widths = [1, 2, 3, 4, 6, 8];

    internal static string? Refuses(Weight weight, PalettizeScheme scheme) => Combination(scheme) ?? Numbers(weight, scheme) ?? RefusesShape(weight, scheme);

    internal static string? RefusesShape(Weight weight, PalettizeScheme scheme)
    {
        int channels = weight.Shape[weight.OutputAxis];
        return scheme switch
        {
            { GroupSize: > 0 } when channels % scheme.GroupSize != 0 => $"{channels} output channels are not divisible by group size {scheme.GroupSize}",
            { GroupSize: > 0 } when scheme.GroupSize % scheme.VectorLength != 0 => $"group size {scheme.GroupSize} is not divisible by vectors of {scheme.VectorLength}",
            { GroupSize: 0 } when channels % scheme.VectorLength != 0 => $"{channels} output channels are not divisible by vectors of {scheme.VectorLength}",
            _ => null,
        };
    }

    internal static string Overflow(double entry, ElementType type) => string.Create(CultureInfo.InvariantCulture, $"table entry {entry} overflows {type.Name()}");

    internal static string Overflow(double entry, float scale, int channel, ElementType type) =>
        string.Create(CultureInfo.InvariantCulture, $"table entry {entry} times {scale}, the scale of output channel {channel}, overflows {type.Name()}");

    internal static string? Combination(PalettizeScheme scheme) => scheme switch
    {
        { Mode: not (PaletteMode.Unique or PaletteMode.Custom) } when !s_widths.Contains(scheme.Bits) => $"{scheme.Bits} bits: a palette has 1, 2, 3, 4, 6 or 8",
        { VectorLength: < 1 } => $"vectors of {scheme.VectorLength}: 1 or more",
        { VectorLength: > 1, Mode: not PaletteMode.KMeans } => $"mode {scheme.Mode.ToString().ToLowerInvariant()} makes no tables of vectors",
        { Mode: PaletteMode.Unique, PerChannelScale: true } => "mode unique stores the values themselves: a scale for each channel would round them",
        { Mode: PaletteMode.Unique, TableType: not null } => "mode unique stores the values themselves: an 8-bit table would round them",
        { Mode: PaletteMode.Custom, Table: null } => "mode custom has no table",
        { Table: { IsRule: false } table, Bits: > 0 and <= 8 } when table.Text.Count(symbol => symbol == '|') >= 1 << scheme.Bits =>
            $"a table of {table.Text.Count(symbol => symbol == '|') + 1} entries does not fit {scheme.Bits} bits",
        { TableType: not (null or ElementType.Int8 or ElementType.UInt8) } => $"tables of {scheme.TableType?.Name()}: int8 or uint8",
        { Profile: not SchemeProfile.Exact, TableType: not null } => "the reference's arithmetic makes no 8-bit tables",
        { Profile: not SchemeProfile.Exact, PerChannelScale: true } => "the reference's arithmetic has no scale for each output channel",
        { Binned: true, PerChannelScale: true } => "values in bins have no scale for each channel",
        { Binned: true, TableType: not null } => "values in bins make no 8-bit tables",
        { Binned: true, VectorLength: > 1 } => "vectors have no bins",
        _ => null,
    };

    private static string? Numbers(Weight weight, PalettizeScheme scheme)
    {
        if (scheme.Table is not { IsRule: false } table)
        {
            return null;
        }

        foreach (float value in table.Values)
        {
            if (!float.IsFinite(StoredValue.Round(weight.Type, value)))
            {
                return Overflow(value, weight.Type);
            }
        }

        return null;
    }
}
