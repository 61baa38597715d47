using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SweepCluster.Formats.Files;

/// <summary>Folders on disk.</summary>
public static class Folders
{
    /// <summary>Flushes a folder's names to disk where the system can; elsewhere (Windows) its journal does.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public static void Flush(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using SafeFileHandle? folder = NativeFiles.OpenForReading(path).Handle;
        int error = folder is null ? 0 : NativeFiles.Flush(folder); // one that may be searched but not read cannot be opened; the rename itself succeeded
        if (error != 0 && error != NativeFiles.InvalidArgument && error != NativeFiles.NotSupported)
        {
            throw new IOException($"{path}: its names could not be flushed to disk ({Marshal.GetPInvokeErrorMessage(error)}).", error);
        }
    }
}
