using System.Buffers;
using System.Collections.Immutable;
using System.IO.Compression;
using SweepCluster.Engine.Blobs;
using SweepCluster.Graphs;
using SweepCluster.Server.Api.Blobs;
using SweepCluster.Server.Api.Contracts;
using SweepCluster.Server.Api.Submissions;
using SweepCluster.Server.Feeds;

namespace SweepCluster.Server.Pages.Submit;

/// <summary>Puts what a form uploads into the store, part by part, as it comes.</summary>
internal static class Upload
{
    /// <summary>Stores one file. Who sends it slowly holds a file of the server's, not memory.</summary>
    /// <param name="path">Its name beside the spec.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="blobs">The store.</param>
    /// <param name="folders">For what came of a part.</param>
    /// <param name="cancellationToken">Stops; what was stored by then is collected later.</param>
    /// <returns>The file, and its bytes.</returns>
    internal static async Task<(FileResource File, long Bytes)> FileAsync(string path, Stream content, IBlobStore blobs, ServerFolder folders, CancellationToken cancellationToken)
    {
        ImmutableArray<string>.Builder parts = ImmutableArray.CreateBuilder<string>();
        byte[] piece = ArrayPool<byte>.Shared.Rent(PartSpool.PieceBytes);
        try
        {
            int first = await content.ReadAtLeastAsync(piece.AsMemory(0, PartSpool.PieceBytes), PartSpool.PieceBytes, throwOnEndOfStream: false, cancellationToken);
            if (first < PartSpool.PieceBytes)
            {
                return (new FileResource(path, first == 0 ? [] : [await blobs.PutAsync(piece.AsMemory(0, first), cancellationToken)]), first); // all of it: a picture needs no file
            }

            await using FileStream part = folders.NewFile();
            long bytes = 0;
            for (int read = first; read > 0; read = await content.ReadAsync(piece.AsMemory(0, (int)Math.Min(PartSpool.PieceBytes, BlobEndpoints.MostBytes - part.Length)), cancellationToken))
            {
                await part.WriteAsync(piece.AsMemory(0, read), cancellationToken);
                bytes += read;
                if (part.Length == BlobEndpoints.MostBytes)
                {
                    parts.Add(await PartSpool.StoreAsync(part, blobs, cancellationToken));
                    part.SetLength(0);
                }
            }

            if (part.Length > 0)
            {
                parts.Add(await PartSpool.StoreAsync(part, blobs, cancellationToken));
            }

            return (new FileResource(path, parts.ToImmutable()), bytes);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    /// <summary>Stores the files of a zip archive, under a folder of the archive's name where they do not lie in one.</summary>
    /// <param name="field">What messages call it.</param>
    /// <param name="name">The archive's file name.</param>
    /// <param name="content">The archive; must be seekable.</param>
    /// <param name="folderExtension">What the folder's name ends with, as <c>.mlpackage</c>; empty: anything.</param>
    /// <param name="room">Most bytes that may come out of it.</param>
    /// <param name="blobs">The store.</param>
    /// <param name="folders">For what came of a part.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The folder's name, its files, and their bytes.</returns>
    /// <exception cref="BadInputException">It is no archive, or holds what cannot be taken.</exception>
    internal static async Task<(string Root, ImmutableArray<FileResource> Files, long Bytes)> ArchiveAsync(
        string field, string name, Stream content, string folderExtension, long room, IBlobStore blobs, ServerFolder folders, CancellationToken cancellationToken)
    {
        try
        {
            using ZipArchive archive = new(content, ZipArchiveMode.Read);
            ZipArchiveEntry[] entries = [.. archive.Entries.Where(entry => !entry.FullName.EndsWith('/') && !UploadNames.IsLitter(entry.FullName))];
            long left = room;
            if (entries.Length is 0 or > RequestFiles.MostFiles || !entries.All(entry => entry.Length >= 0 && (left -= entry.Length) >= 0))
            {
                throw new BadInputException($"{field}: found {entries.Length} files in {name}{(left < 0 ? $", of more than {room} bytes" : "")}, expected 1 to {RequestFiles.MostFiles}, of at most {RequestFiles.MostBytes} bytes with the form's others.");
            }

            string[] paths = [.. entries.Select(entry => UploadNames.Check(field, entry.FullName))];
            string top = paths[0].Split('/')[0];
            bool hasTop = paths.All(path => path.StartsWith(top + "/", StringComparison.Ordinal)) && (folderExtension.Length == 0 || top.EndsWith(folderExtension, StringComparison.OrdinalIgnoreCase));
            string root = hasTop ? top : UploadNames.Root(name, folderExtension);
            ImmutableArray<FileResource>.Builder files = ImmutableArray.CreateBuilder<FileResource>(entries.Length);
            long bytes = 0;
            for (int at = 0; at < entries.Length; at++)
            {
                await using Stream entry = await entries[at].OpenAsync(cancellationToken);
                (FileResource file, long length) = await FileAsync(hasTop ? paths[at] : $"{root}/{paths[at]}", new BoundedStream(entry, entries[at].Length), blobs, folders, cancellationToken);
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
