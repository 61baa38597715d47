namespace SweepCluster.Formats.Npy;

/// <summary>Fixed figures of the npy format, versions 1 to 3 (NumPy Enhancement Proposal 1 and numpy.lib.format).</summary>
internal static class NpyConstants
{
    /// <summary>Bytes before the header's length: the magic text and two version bytes.</summary>
    public const int PreambleBytes = 8;

    /// <summary>The header is padded so that the elements start at a multiple of this.</summary>
    public const int Alignment = 64;

    /// <summary>Longest header that is read. Headers of plain arrays take about a hundred bytes.</summary>
    public const int MaxHeaderBytes = 1 << 16;

    /// <summary>Most axes of an array: the limit of NumPy 2.</summary>
    public const int MaxRank = 64;

    /// <summary>Bytes of one code point in a unicode array (UTF-32).</summary>
    public const int CodePointBytes = 4;

    /// <summary>The six bytes that open every file.</summary>
    public static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];
}
