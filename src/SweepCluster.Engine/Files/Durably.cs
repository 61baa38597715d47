using SweepCluster.Formats.Files;

namespace SweepCluster.Engine.Files;

/// <summary>File operations that last: what returned is on disk, names included.</summary>
internal static class Durably
{
    private const int PieceLength = 1 << 16;

    /// <summary>Whether an error says that there is no room: ENOSPC, EDQUOT on Linux and macOS, ERROR_DISK_FULL.</summary>
    internal static bool IsDiskFull(IOException error) => error.HResult is 28 or 122 or 69 or unchecked((int)0x80070070);

    /// <summary>Writes a file whole or not at all: to a temporary sibling that is flushed and renamed.</summary>
    internal static Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        WriteAsync(path, $"{path}.{Guid.NewGuid():N}.tmp", 0, stream => stream.WriteAsync(content, cancellationToken).AsTask());

    /// <summary>Writes a file that memory need not hold, whole or not at all. One caller at a time for a path: what a killed one left is written over.</summary>
    /// <param name="path">Where to; what is there is replaced.</param>
    /// <param name="write">Writes the content.</param>
    internal static Task WriteAsync(string path, Func<Stream, Task> write) => WriteAsync(path, path + ".partial", PieceLength, write);

    private static async Task WriteAsync(string path, string temporary, int bufferLength, Func<Stream, Task> write)
    {
        try
        {
            await using (FileStream file = new(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferLength, useAsync: true))
            {
                await write(file);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
            Folders.Flush(Path.GetDirectoryName(path)!);
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
            Folders.Flush(parent);
        }
    }
}
