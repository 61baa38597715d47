using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace SweepCluster.Formats.Files;

/// <summary>What Linux and macOS can do with files and the class library cannot say.</summary>
[UnsupportedOSPlatform("windows")]
internal static partial class NativeFiles
{
    // Numbers of errors that are the same on both.
    internal const int NotFound = 2, InvalidArgument = 22;

    private const int DontNeed = 4; // MADV_DONTNEED, on both
    private const int LockShared = 1, LockExclusive = 2, LockNonBlocking = 4;
    private const int EmptyPath = 0x1000; // AT_EMPTY_PATH
    private const uint TypeWanted = 1; // STATX_TYPE
    private const int StatusBytes = 256, ModeAt = 28;
    private const int TypeMask = 0xF000, RegularFile = 0x8000;

    /// <summary>ELOOP: what <see cref="OpenForReading"/> meets is a symbolic link.</summary>
    internal static int IsLink => OperatingSystem.IsMacOS() ? 62 : 40;

    /// <summary>EOPNOTSUPP.</summary>
    internal static int NotSupported => OperatingSystem.IsMacOS() ? 102 : 95;

    // O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW: neither a link is followed nor a pipe waited for.
    private static int ReadingFlags => OperatingSystem.IsMacOS() ? 0x1000000 | 0x4 | 0x100
        : 0x80000 | 0x800 | (RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64 ? 0x8000 : 0x20000);

    /// <summary>Opens a file or folder without following a link that it may be, and without waiting for a writer of a pipe.</summary>
    /// <returns>The handle, or the number of the error.</returns>
    internal static (SafeFileHandle? Handle, int Error) OpenForReading(string path)
    {
        int handle = Open(path, ReadingFlags);
        return handle < 0 ? (null, Marshal.GetLastPInvokeError()) : (new SafeFileHandle(handle, ownsHandle: true), 0);
    }

    /// <summary>Whether what was opened is a plain file: no folder, pipe, device or socket.</summary>
    internal static unsafe bool IsRegular(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
        {
            return true; // the length of a pipe cannot be asked for, that of a device is 0
        }

        byte* status = stackalloc byte[StatusBytes];
        return Status(file, "", EmptyPath, TypeWanted, status) != 0 || (*(ushort*)(status + ModeAt) & TypeMask) == RegularFile;
    }

    /// <summary>Takes a share in the lock of an open file or folder; waits where another has all of it. It ends with the handle, however the process ends.</summary>
    /// <returns>False where the file system has no locks.</returns>
    internal static bool TryShare(SafeFileHandle file) => Lock(file, LockShared) == 0;

    /// <summary>Takes all of the lock of an open file or folder.</summary>
    /// <returns>False where another has a share, or the file system has no locks.</returns>
    internal static bool TryOwn(SafeFileHandle file) => Lock(file, LockExclusive | LockNonBlocking) == 0;

    /// <summary>Flushes a folder's names, or a file, to disk; 0 or the number of the error.</summary>
    internal static int Flush(SafeFileHandle file) => Synchronize(file) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Gives pages of a mapping back. They are read from the file again when asked for; an error means that they stay.</summary>
    internal static unsafe void Unload(byte* start, nuint length) => _ = Advise(start, length, DontNeed);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int Status(SafeFileHandle file, string path, int flags, uint wanted, byte* status);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Lock(SafeFileHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Synchronize(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int Advise(byte* start, nuint length, int advice);
}
