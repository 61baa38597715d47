using System.Buffers.Binary;

namespace SweepCluster.Formats.Images;

/// <summary>Reduces a PNG file to the chunks that hold its samples.</summary>
/// <remarks>Source: PNG specification (third edition), sections 5.3 and 5.4: a chunk whose type starts with a lower-case letter is ancillary.</remarks>
internal static class PngChunks
{
    private const int TypeOffset = 4;
    private const int Framing = 12; // length 4, type 4, checksum 4

    /// <summary>The file without its ancillary chunks: gamma, colour profile, background, transparency, texts.</summary>
    /// <param name="file">A file that starts with the signature.</param>
    /// <returns>The file itself where it has none. From the first thing on that is no chunk everything is kept, for the decoder to judge.</returns>
    /// <remarks>libpng's simplified interface converts to sRGB by what these chunks say; the usual training pipelines take the samples as they are stored.</remarks>
    internal static ReadOnlySpan<byte> WithoutAncillary(ReadOnlySpan<byte> file)
    {
        byte[]? kept = null;
        int length = 0, at = PngDecoder.Magic.Length;
        while (LengthOfChunk(file[at..]) is int chunk)
        {
            if (char.IsAsciiLetterLower((char)file[at + TypeOffset]))
            {
                kept ??= Start(file, at, out length);
            }
            else if (kept is not null)
            {
                file.Slice(at, chunk).CopyTo(kept.AsSpan(length));
                length += chunk;
            }

            at += chunk;
        }

        if (kept is null)
        {
            return file;
        }

        file[at..].CopyTo(kept.AsSpan(length));
        return kept.AsSpan(0, length + file.Length - at);
    }

    private static byte[] Start(ReadOnlySpan<byte> file, int at, out int length)
    {
        byte[] kept = new byte[file.Length];
        file[..at].CopyTo(kept);
        length = at;
        return kept;
    }

    // Null where no whole chunk stands.
    private static int? LengthOfChunk(ReadOnlySpan<byte> rest)
    {
        if (rest.Length < Framing)
        {
            return null;
        }

        uint content = BinaryPrimitives.ReadUInt32BigEndian(rest);
        return content <= (uint)(rest.Length - Framing) ? Framing + (int)content : null;
    }
}
