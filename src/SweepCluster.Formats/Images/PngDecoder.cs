using System.Runtime.InteropServices;
using System.Text;

namespace SweepCluster.Formats.Images;

/// <summary>Decodes PNG through libpng's simplified interface: up to 8 bits a channel, grey, palette or colour. An alpha channel is dropped, not blended.
/// The samples are those that are stored: what the file says of gamma and colour space is not applied.</summary>
/// <remarks>Source: libpng 1.6 manual, section V.</remarks>
internal static unsafe class PngDecoder
{
    private const uint ImageVersion = 1;
    private const uint FormatRgba = 3;
    private const int BitDepthOffset = 24; // signature 8, length 4, "IHDR" 4, width 4, height 4
    private const int MaxBitDepth = 8;
    private const int MessageBytes = 64;

    private static readonly nint s_library = NativeLibraries.Load("libpng16.so.16", "libpng16.16.dylib", "libpng16.dylib", "libpng16.dll");

    /// <summary>The eight bytes that open every PNG file.</summary>
    public static ReadOnlySpan<byte> Magic => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Decodes one file to red, green and blue.</summary>
    /// <exception cref="Graphs.BadInputException">The file is damaged or has 16 bits a channel; or the library is missing.</exception>
    public static Picture Decode(ReadOnlySpan<byte> bytes, string file)
    {
        nint library = NativeLibraries.Require(s_library, file, "PNG", "libpng16-16", "libpng");
        if (bytes.Length > BitDepthOffset && bytes[BitDepthOffset] > MaxBitDepth)
        {
            throw PictureFault.Damaged(file, $"{bytes[BitDepthOffset]} bits a channel", $"at most {MaxBitDepth}");
        }

        Image image = new() { Version = ImageVersion };
        try
        {
            return Decode(library, &image, PngChunks.WithoutAncillary(bytes), file);
        }
        finally
        {
            ((delegate* unmanaged<Image*, void>)NativeLibrary.GetExport(library, "png_image_free"))(&image);
        }
    }

    private static Picture Decode(nint library, Image* image, ReadOnlySpan<byte> bytes, string file)
    {
        var begin = (delegate* unmanaged<Image*, byte*, nuint, int>)NativeLibrary.GetExport(library, "png_image_begin_read_from_memory");
        var finish = (delegate* unmanaged<Image*, byte*, byte*, int, byte*, int>)NativeLibrary.GetExport(library, "png_image_finish_read");
        fixed (byte* from = bytes)
        {
            if (begin(image, from, (nuint)bytes.Length) == 0)
            {
                throw Fault(image, file);
            }

            long count = (long)image->Width * image->Height;
            if (image->Width == 0 || image->Height == 0 || image->Width > PictureReader.MaxPixels || count > PictureReader.MaxPixels)
            {
                throw PictureFault.Extents(file, image->Width, image->Height);
            }

            image->Format = FormatRgba;
            byte[] pixels = new byte[4 * count];
            fixed (byte* to = pixels)
            {
                if (finish(image, null, to, 4 * (int)image->Width, null) == 0)
                {
                    throw Fault(image, file);
                }
            }

            return new((int)image->Width, (int)image->Height, 3, DropAlpha(pixels));
        }
    }

    private static byte[] DropAlpha(ReadOnlySpan<byte> pixels)
    {
        byte[] colours = new byte[pixels.Length / 4 * 3];
        for (int from = 0, to = 0; to < colours.Length; from += 4, to += 3)
        {
            pixels.Slice(from, 3).CopyTo(colours.AsSpan(to, 3));
        }

        return colours;
    }

    private static Graphs.BadInputException Fault(Image* image, string file)
    {
        ReadOnlySpan<byte> message = new(image->Message, MessageBytes);
        int end = message.IndexOf((byte)0);
        string words = Encoding.UTF8.GetString(end < 0 ? message : message[..end]).ReplaceLineEndings(" ");
        return PictureFault.Damaged(file, $"a PNG picture that cannot be decoded ({words})", "a whole one");
    }

    // png_image of png.h.
    [StructLayout(LayoutKind.Sequential)]
    private struct Image
    {
        public nint Opaque;
        public uint Version;
        public uint Width;
        public uint Height;
        public uint Format;
        public uint Flags;
        public uint ColormapEntries;
        public uint WarningOrError;
        public fixed byte Message[MessageBytes];
    }
}
