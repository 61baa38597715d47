using System.Runtime.InteropServices;

namespace SweepCluster.Formats.Images;

/// <summary>Decodes JPEG through libturbojpeg, with the accurate integer transform and smooth chroma upsampling: libjpeg's defaults.</summary>
/// <remarks>Source: TurboJPEG API 2.1, which libjpeg-turbo 3 still carries.</remarks>
internal static unsafe class JpegDecoder
{
    private const int PixelFormatRgb = 0;
    private const int FlagAccurateTransform = 4096;
    private const int FlagStopOnWarning = 8192; // libjpeg fills what is missing with grey and only warns

    private static readonly nint s_library = NativeLibraries.Load("libturbojpeg.so.0", "libturbojpeg.0.dylib", "libturbojpeg.dylib", "turbojpeg.dll");

    /// <summary>The bytes that open every JPEG file.</summary>
    public static ReadOnlySpan<byte> Magic => [0xFF, 0xD8, 0xFF];

    /// <summary>Decodes one file to red, green and blue.</summary>
    /// <exception cref="Graphs.BadInputException">The file is damaged or of a kind that has no colours red, green, blue; or the library is missing.</exception>
    public static Picture Decode(ReadOnlySpan<byte> bytes, string file)
    {
        nint library = NativeLibraries.Require(s_library, file, "JPEG", "libturbojpeg0", "jpeg-turbo");
        nint decoder = ((delegate* unmanaged<nint>)NativeLibrary.GetExport(library, "tjInitDecompress"))();
        if (decoder == 0)
        {
            throw new InvalidOperationException("libturbojpeg could not create a decoder.");
        }

        try
        {
            return Decode(library, decoder, bytes, file);
        }
        finally
        {
            ((delegate* unmanaged<nint, int>)NativeLibrary.GetExport(library, "tjDestroy"))(decoder);
        }
    }

    private static Picture Decode(nint library, nint decoder, ReadOnlySpan<byte> bytes, string file)
    {
        var readHeader = (delegate* unmanaged<nint, byte*, CULong, int*, int*, int*, int*, int>)NativeLibrary.GetExport(library, "tjDecompressHeader3");
        var decompress = (delegate* unmanaged<nint, byte*, CULong, byte*, int, int, int, int, int, int>)NativeLibrary.GetExport(library, "tjDecompress2");
        CULong size = new((uint)bytes.Length);
        int width, height, subsampling, colours;
        fixed (byte* from = bytes)
        {
            if (readHeader(decoder, from, size, &width, &height, &subsampling, &colours) != 0)
            {
                throw Fault(library, decoder, file);
            }

            if (width < 1 || height < 1 || (long)width * height > PictureReader.MaxPixels)
            {
                throw PictureFault.Extents(file, width, height);
            }

            byte[] pixels = new byte[3 * width * height];
            fixed (byte* to = pixels)
            {
                if (decompress(decoder, from, size, to, width, 3 * width, height, PixelFormatRgb, FlagAccurateTransform | FlagStopOnWarning) != 0)
                {
                    throw Fault(library, decoder, file);
                }
            }

            return new(width, height, 3, pixels);
        }
    }

    private static Graphs.BadInputException Fault(nint library, nint decoder, string file)
    {
        byte* text = ((delegate* unmanaged<nint, byte*>)NativeLibrary.GetExport(library, "tjGetErrorStr2"))(decoder);
        string words = Marshal.PtrToStringUTF8((nint)text)?.ReplaceLineEndings(" ") ?? "no reason given";
        return PictureFault.Damaged(file, $"a JPEG picture that cannot be decoded ({words})", "a whole one in RGB or grey");
    }
}
