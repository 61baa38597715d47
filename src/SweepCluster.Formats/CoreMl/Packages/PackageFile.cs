using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using SweepCluster.Formats.Files;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.Packages;

/// <summary>Reads files of a package, with one clear line where that fails.</summary>
internal static class PackageFile
{
    private const long LongestMessage = int.MaxValue; // what a protobuf message may have

    /// <summary>Opens a file, once: it is this handle's file that is checked.</summary>
    /// <param name="path">The file; symbolic links, folders, pipes and devices are refused.</param>
    /// <param name="role">What it should be, for messages: <c>a weight file</c>.</param>
    /// <exception cref="BadInputException">It is missing, no plain file, or cannot be opened.</exception>
    internal static SafeFileHandle Open(string path, string role)
    {
        if (Directory.Exists(path))
        {
            throw new BadInputException($"{path}: found a folder, expected {role}.");
        }

        SafeFileHandle? file = null;
        try
        {
            file = OperatingSystem.IsWindows() ? OpenUnlinked(path, role) : OpenOnce(path, role);
            if (OperatingSystem.IsWindows() || NativeFiles.IsRegular(file))
            {
                RandomAccess.GetLength(file); // which pipes and the like do not have
                return file;
            }
        }
        catch (NotSupportedException)
        {
            // no plain file
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, role, exception);
        }

        file?.Dispose();
        throw new BadInputException($"{path}: found a pipe or device, expected {role}.");
    }

    /// <summary>Opens a file under a folder once more, some time after its path was resolved: links that have come to be on the way are refused.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="relative">Path under it, with forward slashes.</param>
    /// <param name="role">What it should be, for messages.</param>
    /// <exception cref="BadInputException">As <see cref="Open"/>, or a part of the path is a symbolic link now.</exception>
    internal static SafeFileHandle OpenUnder(string folder, string relative, string role)
    {
        string path = PackagePath.Resolve(folder, relative, folder);
        SafeFileHandle file = Open(path, role);
        try
        {
            PackagePath.Resolve(folder, relative, folder); // nor may one have stood there while it was opened
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Opens a file for its bytes; those of up to 16 MiB are read, larger ones mapped.</summary>
    /// <param name="path">The file.</param>
    /// <param name="role">What it should be, for messages.</param>
    /// <param name="readLimit">Longest length that is read and not mapped.</param>
    /// <exception cref="BadInputException">As <see cref="Open"/>, or it cannot be read.</exception>
    internal static FileBytes OpenBytes(string path, string role, long readLimit = long.MaxValue)
    {
        SafeFileHandle file = Open(path, role);
        try
        {
            return FileBytes.Open(path, file, readLimit);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            file.Dispose();
            throw Unreadable(path, role, exception);
        }
    }

    /// <summary>Opens a file whose bytes must be in one piece, as a message's are.</summary>
    /// <param name="path">The file.</param>
    /// <param name="role">What it should be, for messages.</param>
    /// <exception cref="BadInputException">As <see cref="OpenBytes"/>, or it is over 2 GB.</exception>
    internal static FileBytes OpenMessage(string path, string role)
    {
        FileBytes file = OpenBytes(path, role);
        if (file.Length <= LongestMessage)
        {
            return file;
        }

        file.Dispose();
        throw new BadInputException($"{path}: found {file.Length} bytes, expected {role} of at most {LongestMessage}.");
    }

    /// <summary>Uses the bytes of a whole file that must be in one piece.</summary>
    /// <param name="path">The file.</param>
    /// <param name="role">What it should be, for messages.</param>
    /// <param name="use">Makes something of the bytes; must not keep them.</param>
    /// <exception cref="BadInputException">As <see cref="OpenMessage"/>.</exception>
    internal static T Use<T>(string path, string role, Func<ReadOnlyMemory<byte>, T> use)
    {
        using FileBytes file = OpenMessage(path, role);
        return use(file.Slice(0, (int)file.Length));
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

    [UnsupportedOSPlatform("windows")]
    private static SafeFileHandle OpenOnce(string path, string role)
    {
        (SafeFileHandle? file, int error) = NativeFiles.OpenForReading(path);
        return file ?? throw (error == NativeFiles.NotFound ? new BadInputException($"{path}: found nothing, expected {role}.")
            : error == NativeFiles.IsLink ? new BadInputException($"{path}: found a symbolic link, expected {role}.")
            : new IOException(Marshal.GetPInvokeErrorMessage(error)));
    }

    private static SafeFileHandle OpenUnlinked(string path, string role)
    {
        FileInfo file = new(path);
        return !file.Exists ? throw new BadInputException($"{path}: found nothing, expected {role}.")
            : file.LinkTarget is not null ? throw new BadInputException($"{path}: found a symbolic link, expected {role}.")
            : File.OpenHandle(path);
    }

    private static BadInputException Unreadable(string path, string role, Exception exception) =>
        new($"{path}: cannot be read ({exception.Message.TrimEnd('.')}), expected {role}.", exception);
}
