using System.Runtime.InteropServices;

namespace SweepCluster.Engine.Files;

/// <summary>File operations that last: what returned is on disk, names included.</summary>
internal static partial class Durably
{
    private const int ReadOnlyFlag = 0;

    /// <summary>Whether an error says that there is no room: ENOSPC, EDQUOT on Linux and macOS, ERROR_DISK_FULL.</summary>
    internal static bool IsDiskFull(IOException error) => error.HResult is 28 or 122 or 69 or unchecked((int)0x80070070);

    /// <summary>Writes a file whole or not at all: to a temporary sibling that is flushed and renamed.</summary>
    internal static async Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        string temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            await using (FileStream file = new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true))
            {
                await file.WriteAsync(content, cancellationToken);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
            FlushFolder(Path.GetDirectoryName(path)!);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Makes a folder and those above it, and flushes each new name.</summary>
    internal static void CreateFolder(string path)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        string? parent = Path.GetDirectoryName(path);
        if (parent is not null)
        {
            CreateFolder(parent);
        }

        Directory.CreateDirectory(path);
        if (parent is not null)
        {
            FlushFolder(parent);
        }
    }

    /// <summary>Flushes a folder's names to disk where the system can; elsewhere (Windows) its journal does.</summary>
    internal static void FlushFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int handle = Open(path, ReadOnlyFlag);
        if (handle < 0)
        {
            return; // a folder that may be searched but not read cannot be opened; the rename itself succeeded
        }

        _ = Synchronize(handle);
        _ = Close(handle);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Synchronize(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int handle);
}
