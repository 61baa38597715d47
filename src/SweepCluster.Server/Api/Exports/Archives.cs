using System.IO.Compression;
using System.Security.Cryptography;

namespace SweepCluster.Server.Api.Exports;

/// <summary>Zip archives: the same files give the same bytes.</summary>
internal static class Archives
{
    private const int BufferBytes = 1 << 16;
    private static readonly DateTimeOffset s_date = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero); // the format's first

    /// <summary>Writes an archive of a folder's files, in ordinal order of their names.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="wants">Says of a name whether the file is wanted.</param>
    /// <param name="target">Receives the archive.</param>
    /// <param name="cancellationToken">Stops.</param>
    internal static void Write(string folder, Func<string, bool> wants, Stream target, CancellationToken cancellationToken)
    {
        using ZipArchive archive = new(target, ZipArchiveMode.Create, leaveOpen: true);
        foreach ((string name, string path) in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(path => (Path.GetRelativePath(folder, path).Replace('\\', '/'), path))
            .Where(file => wants(file.Item1))
            .OrderBy(file => file.Item1, StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            ZipArchiveEntry entry = archive.CreateEntry(name, CompressionLevel.Fastest);
            entry.LastWriteTime = s_date;
            using Stream content = entry.Open();
            using FileStream file = File.OpenRead(path);
            file.CopyTo(content, BufferBytes);
        }
    }

    /// <summary>SHA-256 of a file.</summary>
    internal static string HashOf(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
