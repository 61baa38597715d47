using System.IO.Compression;
using SweepCluster.Graphs;
using SweepCluster.Server.Api.Contracts;

namespace SweepCluster.Server.Clients;

/// <summary>Brings an exported model here, checks that it is the one that the server verified, and puts it in its place whole or not at all.</summary>
internal sealed class ModelDownload(ServerCalls calls, string place)
{
    /// <summary>Brings it; folders above the path are made.</summary>
    /// <exception cref="BadInputException">The path cannot be written, or the archive is none.</exception>
    internal async Task FetchAsync(ExportResource export, string path, CancellationToken cancellationToken)
    {
        string target = Path.GetFullPath(path), folder = $"{target}.{Guid.NewGuid():N}.tmp";
        try
        {
            Directory.CreateDirectory(folder);
            string archive = Path.Combine(folder, "archive.zip"), content = Path.Combine(folder, "content");
            if (await Archive.DownloadAsync(calls, export.Href, archive, cancellationToken) != export.Sha256)
            {
                throw new BadInputException($"--server {place}: found an archive with another SHA-256 than it said, expected {export.Sha256}; try again.");
            }

            await ZipFile.ExtractToDirectoryAsync(archive, content, cancellationToken);
            Move(content, target, export.Name);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new BadInputException($"{path}: cannot be written ({OneLine.Of(error.Message).TrimEnd('.')}).", error);
        }
        finally
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    // An archive may hold the package, or what is in it.
    private static void Move(string content, string target, string name)
    {
        string named = Path.Combine(content, Path.GetFileName(name));
        if (File.Exists(named) && Directory.GetFileSystemEntries(content).Length == 1)
        {
            File.Move(named, target);
            return;
        }

        Directory.Move(Directory.Exists(named) && Directory.GetFileSystemEntries(content).Length == 1 ? named : content, target);
    }
}
