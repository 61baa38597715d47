using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.Packages;

/// <summary>Reads files of a package, with one clear line where that fails.</summary>
internal static class PackageFile
{
    /// <summary>Reads a whole file.</summary>
    /// <param name="path">The file; symbolic links are refused.</param>
    /// <param name="role">What it should be, for messages: <c>a weight file</c>.</param>
    /// <exception cref="BadInputException">It is missing, a link, a folder, over 2 GB or cannot be read.</exception>
    internal static byte[] ReadAll(string path, string role)
    {
        try
        {
            FileInfo file = new(path);
            if (!file.Exists)
            {
                throw new BadInputException($"{path}: found {(Directory.Exists(path) ? "a folder" : "nothing")}, expected {role}.");
            }

            if (file.LinkTarget is not null)
            {
                throw new BadInputException($"{path}: found a symbolic link, expected {role}.");
            }

            if (file.Length > Array.MaxLength)
            {
                throw new BadInputException($"{path}: found {file.Length} bytes, expected {role} of at most {Array.MaxLength}.");
            }

            return File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path}: cannot be read ({exception.Message.TrimEnd('.')}), expected {role}.", exception);
        }
    }

    /// <summary>Every file under a folder.</summary>
    /// <exception cref="BadInputException">A symbolic link is among them.</exception>
    internal static IEnumerable<string> FilesUnder(string folder)
    {
        foreach (FileSystemInfo entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
        {
            string path = Path.Combine(folder, entry.Name); // relative where the folder is
            if (entry.LinkTarget is not null)
            {
                throw new BadInputException($"{path}: found a symbolic link, expected plain files and folders in a package.");
            }

            foreach (string file in entry is DirectoryInfo ? FilesUnder(path) : [path])
            {
                yield return file;
            }
        }
    }
}
