using System.IO.Compression;
using SweepCluster.Engine.Runs;
using SweepCluster.Engine.Stores;
using SweepCluster.Graphs;
using SweepCluster.Server.Api;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Server.Clients;

/// <summary>Brings a finished sweep here: its journal, its model, and where they are wanted its data, as a result folder that needs no server.</summary>
internal sealed class ResultDownload(ServerCalls calls)
{
    /// <summary>Brings it; what an earlier call left is replaced.</summary>
    /// <exception cref="BadInputException">The folder holds something else, or what came is none.</exception>
    internal async Task<SweepSummary> FetchAsync(SweepRecord sweep, string path, bool withData, CancellationToken cancellationToken)
    {
        SweepFolder folder = new(path);
        folder.CheckUsable();
        await folder.AdmitAsync(sweep, resume: true, cancellationToken);
        string coming = Path.Combine(folder.State, $"coming-{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(coming);
            string archive = Path.Combine(coming, "archive.zip"), content = Path.Combine(coming, "content");
            await Archive.DownloadAsync(calls, $"{ApiPaths.Sweeps}/{sweep.Id}/result.zip{(withData ? "?data=true" : "")}", archive, cancellationToken);
            await ZipFile.ExtractToDirectoryAsync(archive, content, cancellationToken);
            Place(content, folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new BadInputException($"{path}: cannot be written ({OneLine.Of(error.Message).TrimEnd('.')}).", error);
        }
        finally
        {
            if (Directory.Exists(coming))
            {
                Directory.Delete(coming, recursive: true);
            }
        }

        return (await ResultFolder.OpenAsync(path, cancellationToken)).Summary;
    }

    // The journal last: with it the folder is a sweep's.
    private static void Place(string content, SweepFolder folder)
    {
        string state = Path.Combine(content, Path.GetFileName(folder.State));
        if (!Directory.Exists(state))
        {
            throw new InvalidDataException("the archive holds no sweep");
        }

        foreach (string entry in Directory.EnumerateFileSystemEntries(content).Where(entry => entry != state))
        {
            Replace(entry, Path.Combine(folder.Path, Path.GetFileName(entry)));
        }

        foreach (string entry in Directory.EnumerateFileSystemEntries(state).OrderBy(entry => Path.GetFileName(entry) == "journal"))
        {
            Replace(entry, Path.Combine(folder.State, Path.GetFileName(entry)));
        }
    }

    private static void Replace(string from, string to)
    {
        if (Directory.Exists(to))
        {
            Directory.Delete(to, recursive: true);
        }

        if (Directory.Exists(from))
        {
            Directory.Move(from, to);
            return;
        }

        File.Move(from, to, overwrite: true);
    }
}
