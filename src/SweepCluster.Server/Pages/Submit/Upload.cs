using System.Collections.Immutable;
using System.IO.Compression;
using SweepCluster.Engine.Blobs;
using SweepCluster.Graphs;
using SweepCluster.Server.Api.Contracts;

namespace SweepCluster.Server.Pages.Submit;

/// <summary>Puts what a form uploads into the store, part by part, as it comes.</summary>
internal static class Upload
{
    private const int PartBytes = 16 << 20;
    private const int MostEntries = 200_000;
    private const long MostUnpackedBytes = 1L << 40;

    /// <summary>Stores one file.</summary>
    /// <param name="path">Its name beside the spec.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="blobs">The store.</param>
    /// <param name="cancellationToken">Stops; what was stored by then is collected later.</param>
    /// <returns>The file, and its bytes.</returns>
    internal static async Task<(FileResource File, long Bytes)> FileAsync(string path, Stream content, IBlobStore blobs, CancellationToken cancellationToken)
    {
        ImmutableArray<string>.Builder parts = ImmutableArray.CreateBuilder<string>();
        byte[] buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(PartBytes);
        try
        {
            long bytes = 0;
            for (int read; (read = await content.ReadAtLeastAsync(buffer.AsMemory(0, PartBytes), PartBytes, throwOnEndOfStream: false, cancellationToken)) > 0; bytes += read)
            {
                parts.Add(await blobs.PutAsync(buffer.AsMemory(0, read), cancellationToken));
            }

            return (new FileResource(path, parts.ToImmutable()), bytes);
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Stores the files of a zip archive, under a folder of the archive's name where they do not lie in one.</summary>
    /// <param name="field">What messages call it.</param>
    /// <param name="name">The archive's file name.</param>
    /// <param name="content">The archive; must be seekable.</param>
    /// <param name="folderExtension">What the folder's name ends with, as <c>.mlpackage</c>; empty: anything.</param>
    /// <param name="blobs">The store.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The folder's name, its files, and their bytes.</returns>
    /// <exception cref="BadInputException">It is no archive, or holds what cannot be taken.</exception>
    internal static async Task<(string Root, ImmutableArray<FileResource> Files, long Bytes)> ArchiveAsync(
        string field, string name, Stream content, string folderExtension, IBlobStore blobs, CancellationToken cancellationToken)
    {
        try
        {
            using ZipArchive archive = new(content, ZipArchiveMode.Read);
            ZipArchiveEntry[] entries = [.. archive.Entries.Where(entry => !entry.FullName.EndsWith('/') && !FileNames.IsLitter(entry.FullName))];
            if (entries.Length is 0 or > MostEntries || entries.Sum(entry => entry.Length) > MostUnpackedBytes)
            {
                throw new BadInputException($"{field}: found {entries.Length} files in {name}, expected 1 to {MostEntries}, of at most a terabyte.");
            }

            string[] paths = [.. entries.Select(entry => FileNames.Check(field, entry.FullName))];
            string top = paths[0].Split('/')[0];
            bool hasTop = paths.All(path => path.StartsWith(top + "/", StringComparison.Ordinal)) && (folderExtension.Length == 0 || top.EndsWith(folderExtension, StringComparison.OrdinalIgnoreCase));
            string root = hasTop ? top : FileNames.Root(name, folderExtension);
            ImmutableArray<FileResource>.Builder files = ImmutableArray.CreateBuilder<FileResource>(entries.Length);
            long bytes = 0;
            for (int at = 0; at < entries.Length; at++)
            {
                await using Stream entry = await entries[at].OpenAsync(cancellationToken);
                (FileResource file, long length) = await FileAsync(hasTop ? paths[at] : $"{root}/{paths[at]}", new BoundedStream(entry, entries[at].Length), blobs, cancellationToken);
                files.Add(file);
                bytes += length;
            }

            return (root, files.ToImmutable(), bytes);
        }
        catch (InvalidDataException error)
        {
            throw new BadInputException($"{field}: found '{name}', which is no zip archive or a damaged one.", error);
        }
    }
}
