using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;
using SweepCluster.Formats.CoreMl.Packages;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.Files;

/// <summary>Tells what a file or folder is that is no model of ours, by its first bytes: so that who hands in a file of another program is told so.</summary>
/// <remarks>Source: the formats' own specifications; ONNX's <c>ModelProto</c> (onnx.proto) has its producer's name where Core ML's has its description.</remarks>
internal static class ForeignFile
{
    private const int Looked = 512;
    private const int ZipNameAt = 30, ZipNameLengthAt = 26;

    private static readonly (byte[] Start, string What)[] s_starts =
    [
        ([0x89, (byte)'P', (byte)'N', (byte)'G'], "a PNG picture"),
        ([0xFF, 0xD8, 0xFF], "a JPEG picture"),
        ("GIF8"u8.ToArray(), "a GIF picture"),
        ("%PDF"u8.ToArray(), "a PDF document"),
        ([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'], "a NumPy array (.npy)"),
        ([0x89, (byte)'H', (byte)'D', (byte)'F'], "an HDF5 file, as Keras writes"),
        ([0x80, 0x02], "a Python pickle, as older PyTorch writes"),
        ([0x1F, 0x8B], "a gzip archive"),
        ("GGUF"u8.ToArray(), "a GGUF model"),
    ];

    /// <summary>What it is, with its article; null where it may be a model, or is nothing known.</summary>
    /// <param name="path">A path that exists.</param>
    internal static string? Describe(string path)
    {
        if (Directory.Exists(path))
        {
            return File.Exists(Path.Combine(path, "saved_model.pb")) ? "a TensorFlow SavedModel" : null;
        }

        try
        {
            using SafeFileHandle file = PackageFile.Open(path, "a model");
            Span<byte> start = stackalloc byte[Looked];
            return Describe(start[..RandomAccess.Read(file, start, 0)], RandomAccess.GetLength(file));
        }
        catch (Exception exception) when (exception is IOException or BadInputException)
        {
            return null; // whoever reads it says why not
        }
    }

    private static string? Describe(ReadOnlySpan<byte> start, long length)
    {
        if (length == 0)
        {
            return "an empty file";
        }

        foreach ((byte[] beginning, string what) in s_starts)
        {
            if (start.StartsWith(beginning))
            {
                return what;
            }
        }

        return start.StartsWith("PK\x03\x04"u8) ? InZip(start)
            : start.Length >= 8 && start[4..8].SequenceEqual("TFL3"u8) ? "a TensorFlow Lite model"
            : start.Length > 9 && start[8] == '{' && BinaryPrimitives.ReadUInt64LittleEndian(start) is > 1 and var header && header < (ulong)length ? "a safetensors file"
            : IsOnnx(start) ? "an ONNX model"
            : IsText(start) ? "a text file"
            : null;
    }

    // By the name of the first entry.
    private static string InZip(ReadOnlySpan<byte> start)
    {
        int length = start.Length < ZipNameAt ? 0 : Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(start[ZipNameLengthAt..]), start.Length - ZipNameAt);
        string name = length == 0 ? "" : Encoding.UTF8.GetString(start.Slice(ZipNameAt, length));
        return name.EndsWith("/data.pkl", StringComparison.Ordinal) || name.EndsWith("/byteorder", StringComparison.Ordinal) || name.EndsWith("/version", StringComparison.Ordinal) ? "a PyTorch file"
            : name.EndsWith(".npy", StringComparison.Ordinal) ? "NumPy arrays (.npz)"
            : name.Contains(".mlpackage", StringComparison.Ordinal) ? "a zip archive of a package, which has to be unpacked"
            : "a zip archive";
    }

    // A version, then the producer's name in letters or, where there is none, a field that no Core ML model has.
    private static bool IsOnnx(ReadOnlySpan<byte> start)
    {
        const byte Version = 0x08, Producer = 0x12, Graph = 0x3A, Opset = 0x42;
        if (start.Length < 4 || start[0] != Version || start[1] is 0 or > 0x7F)
        {
            return false;
        }

        int length = start[3];
        return start[2] is Graph or Opset
            || (start[2] == Producer && length is > 0 and < 0x80 && start.Length >= 4 + length && start.Slice(4, length).IndexOfAnyExceptInRange((byte)' ', (byte)'~') < 0);
    }

    private static bool IsText(ReadOnlySpan<byte> start)
    {
        foreach (byte letter in start)
        {
            if (letter < (byte)' ' && letter is not ((byte)'\t' or (byte)'\n' or (byte)'\r'))
            {
                return false;
            }
        }

        return Encoding.UTF8.GetString(start).TrimEnd('\uFFFD').IndexOf('\uFFFD', StringComparison.Ordinal) < 0; // the last letter may be cut
    }
}
