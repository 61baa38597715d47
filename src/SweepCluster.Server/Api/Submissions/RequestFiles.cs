using System.Collections.Concurrent;
using System.Collections.Immutable;
using SweepCluster.Engine.Blobs;
using SweepCluster.Server.Api.Blobs;
using SweepCluster.Server.Api.Contracts;
using SweepCluster.Server.Api.Problems;

namespace SweepCluster.Server.Api.Submissions;

/// <summary>Puts a request's files into a folder of the server's. Names are of few characters and lead nowhere else; what is too much is refused before anything is written.</summary>
internal static class RequestFiles
{
    internal const int MostFiles = 200_000;
    internal const int MostParts = 400_000;
    internal const long MostBytes = 64L << 30;

    private const int MostMissing = 1_000; // that are listed
    private const int AtOnce = 4;

    /// <summary>Checks names and parts.</summary>
    /// <exception cref="ProblemException">A name or a part is none, there are too many, or parts are not in the store; says which.</exception>
    internal static async Task CheckAsync(ImmutableArray<FileResource> files, IBlobStore blobs, CancellationToken cancellationToken)
    {
        if (files.Length > MostFiles || files.Sum(file => (long)file.Parts.Length) > MostParts)
        {
            throw new ProblemException(ProblemKind.TooLarge, $"files: found more than {MostFiles} files or {MostParts} parts, expected at most so many.");
        }

        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase), folders = new(StringComparer.OrdinalIgnoreCase);
        for (int index = 0; index < files.Length; index++)
        {
            CheckName(files[index].Path, $"files[{index}].path");
            CheckParts(files[index].Parts, index);
            if (!names.Add(files[index].Path))
            {
                throw Bad($"files[{index}].path", "found a second file of this name, expected one");
            }

            for (int slash = files[index].Path.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = files[index].Path.IndexOf('/', slash + 1))
            {
                folders.Add(files[index].Path[..slash]);
            }
        }

        if (folders.Overlaps(names))
        {
            throw Bad("files", "found a file that is a folder of another one, expected one or the other");
        }

        await CheckStoredAsync(files, blobs, cancellationToken);
    }

    /// <summary>Writes files that were checked.</summary>
    /// <exception cref="ProblemException">They are too large together, or parts are lost or damaged; says which.</exception>
    internal static async Task WriteAsync(ImmutableArray<FileResource> files, IBlobStore blobs, string folder, CancellationToken cancellationToken)
    {
        long total = 0;
        ConcurrentDictionary<string, bool> lost = new(StringComparer.Ordinal);
        await Parallel.ForEachAsync(files, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (file, token) =>
        {
            string path = Path.GetFullPath(Path.Combine(folder, Path.Combine(file.Path.Split('/'))));
            if (!path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            {
                throw new InvalidOperationException("A name that was checked leads out of its folder.");
            }

            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await using FileStream stream = new(path, FileMode.CreateNew, FileAccess.Write);
            foreach (string part in file.Parts)
            {
                if (await TryReadAsync(part, blobs, token) is not { } content)
                {
                    lost.TryAdd(part, true); // the others are looked at all the same: whoever sends them learns of all at once
                    continue;
                }

                if (Interlocked.Add(ref total, content.Length) > MostBytes)
                {
                    throw new ProblemException(ProblemKind.TooLarge, $"files: found more than {MostBytes} bytes, expected at most so many.");
                }

                await stream.WriteAsync(content, token);
            }
        });
        ThrowIfMissing([.. lost.Keys.Order(StringComparer.Ordinal)]);
    }

    /// <summary>Checks a name.</summary>
    /// <exception cref="ProblemException">It is none that can be used.</exception>
    internal static void CheckName(string path, string place)
    {
        if (!FileNames.IsPath(path))
        {
            throw Bad(place, $"found a name of {path.Length} characters that cannot be used, expected {FileNames.Expected}");
        }
    }

    private static void CheckParts(ImmutableArray<string> parts, int index)
    {
        if (parts.Any(part => part is null || !BlobNames.IsName(part)))
        {
            throw Bad($"files[{index}].parts", "found a part that is no SHA-256 in lower-case hexadecimal");
        }
    }

    private static async Task CheckStoredAsync(ImmutableArray<FileResource> files, IBlobStore blobs, CancellationToken cancellationToken)
    {
        List<string> missing = [];
        foreach (string part in files.SelectMany(file => file.Parts).Distinct(StringComparer.Ordinal))
        {
            if (!await blobs.TouchAsync(part, cancellationToken))
            {
                missing.Add(part);
            }
        }

        ThrowIfMissing(missing);
    }

    private static async Task<ReadOnlyMemory<byte>?> TryReadAsync(string part, IBlobStore blobs, CancellationToken cancellationToken)
    {
        try
        {
            ReadOnlyMemory<byte> content = await blobs.GetAsync(part, cancellationToken);
            return content.Length <= BlobEndpoints.MostBytes ? content : throw new ProblemException(
                ProblemKind.Unusable, $"part {part}: found {content.Length} bytes, expected at most {BlobEndpoints.MostBytes}.");
        }
        catch (BlobUnavailableException)
        {
            return null;
        }
    }

    private static void ThrowIfMissing(List<string> missing)
    {
        if (missing.Count > 0)
        {
            throw new ProblemException(ProblemKind.PartsMissing, $"files: found no part {missing[0]}{(missing.Count > 1 ? $" and {missing.Count - 1} more" : "")} on the server, expected them to be sent first.") { Missing = [.. missing.Take(MostMissing)] };
        }
    }

    private static ProblemException Bad(string place, string text) => new(ProblemKind.Unusable, $"{place}: {text}.");
}
