using SweepCluster.Graphs;

namespace SweepCluster.Formats.Images;

/// <summary>Decodes JPEG and PNG files to red, green and blue, through the system's libturbojpeg and libpng.</summary>
/// <remarks>Safe for several threads at once. Orientation and colour profiles that a file may carry are not applied; neither are they by the usual training pipelines.</remarks>
public static class PictureReader
{
    /// <summary>Most pixels of a picture that is decoded: a bound on what a small broken file can ask for.</summary>
    public const long MaxPixels = 100_000_000;

    /// <summary>Reads one file.</summary>
    /// <param name="path">A JPEG or PNG file.</param>
    /// <returns>The picture, three channels.</returns>
    /// <exception cref="BadInputException">The file is missing, neither JPEG nor PNG, damaged, of an unsupported kind, or the library that decodes it is not installed.</exception>
    public static Picture Read(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BadInputException($"{path}: no such file.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path}: cannot be read ({error.Message.TrimEnd('.')}).", error);
        }

        return Decode(bytes, path);
    }

    /// <summary>Decodes the bytes of one file.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <returns>The picture, three channels.</returns>
    /// <exception cref="BadInputException">As for <see cref="Read"/>.</exception>
    public static Picture Decode(ReadOnlySpan<byte> bytes, string file) =>
        bytes.StartsWith(JpegDecoder.Magic) ? JpegDecoder.Decode(bytes, file)
        : bytes.StartsWith(PngDecoder.Magic) ? PngDecoder.Decode(bytes, file)
        : throw PictureFault.Damaged(
            file, bytes.IsEmpty ? "an empty file" : $"the bytes {Convert.ToHexString(bytes[..Math.Min(8, bytes.Length)])} at the start", "a JPEG or PNG picture");
}
