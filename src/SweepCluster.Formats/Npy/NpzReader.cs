using System.IO.Compression;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.Npy;

/// <summary>Reads arrays out of an npz file: a zip of npy files, stored (<c>numpy.savez</c>) or deflated (<c>numpy.savez_compressed</c>).</summary>
/// <remarks>Only the array that is asked for is extracted; its CRC-32 is checked. Not safe for two threads at once.</remarks>
public sealed class NpzReader : IDisposable
{
    private const string Extension = ".npy";
    private const long MaxDeflateRatio = 1032; // the most that deflate can shrink data (RFC 1951: 258 bytes in 2 bits)

    private readonly string _path;
    private readonly ZipArchive _zip;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];

    /// <summary>Opens a file and reads its directory.</summary>
    /// <param name="path">The npz file.</param>
    /// <exception cref="BadInputException">The file is missing, is no zip file, or names one array twice.</exception>
    public NpzReader(string path)
    {
        _path = path;
        FileStream stream = NpyReader.OpenFile(path);
        try
        {
            _zip = new ZipArchive(stream, ZipArchiveMode.Read);
            foreach (ZipArchiveEntry entry in _zip.Entries.Where(entry => entry.FullName.EndsWith(Extension, StringComparison.Ordinal)))
            {
                string name = entry.FullName[..^Extension.Length];
                _names.Add(name);
                if (!_entries.TryAdd(name, entry))
                {
                    throw NpyFault.At(path, "directory", $"two arrays named '{name}'", "one of each name");
                }
            }
        }
        catch (InvalidDataException error)
        {
            stream.Dispose();
            throw NpyFault.At(path, "directory", "no readable zip directory", "an npz file", error);
        }
        catch (BadInputException)
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Names of the arrays, in the file's order, without ".npy".</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Reads one array of a file and closes it.</summary>
    /// <exception cref="BadInputException">As for the constructor and <see cref="Read(string)"/>.</exception>
    public static NpyArray Read(string path, string name)
    {
        using NpzReader reader = new(path);
        return reader.Read(name);
    }

    /// <summary>Reads one array; the others are not touched.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="BadInputException">There is no such array, it breaks the npy format, or its bytes do not match their checksum.</exception>
    public NpyArray Read(string name)
    {
        if (!_entries.TryGetValue(name, out ZipArchiveEntry? entry))
        {
            throw NpyFault.At(_path, "directory", _names.Count == 0 ? "no arrays" : $"the arrays {string.Join(", ", _names)}", $"one named '{name}'");
        }

        string file = $"{_path}({name})";
        if (entry.Length / MaxDeflateRatio > entry.CompressedLength)
        {
            throw NpyFault.At(file, "directory", $"{entry.Length} bytes stated for {entry.CompressedLength} compressed ones", $"at most {MaxDeflateRatio} times as many");
        }

        try
        {
            using Stream content = entry.Open();
            return ReadChecked(new Crc32Stream(content), entry, file);
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
        {
            throw NpyFault.At(file, "compressed bytes", $"what cannot be decompressed ({error.Message.TrimEnd('.')})", "stored or deflated bytes", error);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _zip.Dispose();

    private static NpyArray ReadChecked(Crc32Stream stream, ZipArchiveEntry entry, string file)
    {
        NpyArray array = NpyReader.Read(stream, file, entry.Length);
        if (stream.ReadByte() >= 0)
        {
            throw NpyFault.At(file, "elements", "more bytes after them", "the end of the array");
        }

        return stream.Crc == entry.Crc32
            ? array
            : throw NpyFault.At(file, "checksum", $"CRC-32 {stream.Crc:x8}", $"{entry.Crc32:x8} as the zip directory states");
    }
}
