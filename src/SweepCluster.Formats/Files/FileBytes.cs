using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.Files;

/// <summary>The bytes of a file, or of a part of it, for reading: small ones are read, larger ones mapped.</summary>
/// <remarks>
/// A mapping lasts as long as any memory of it can be reached, or until it is disposed; the file may be renamed or deleted meanwhile. A file that somebody cuts short while it is mapped loses its pages, and a process that
/// touches one of them ends. So the length is looked at again, at most every 50 ms, when bytes are asked for, and a file that has shrunk is refused in words; only who cuts it off within that time, or in
/// the middle of one computation, still ends the process. What was read cannot be taken away.
/// </remarks>
internal sealed class FileBytes : IDisposable
{
    private const int LongestRead = 16 << 20;
    private const int LookEvery = 50; // milliseconds

    private readonly string _path;
    private readonly ReadOnlyMemory<byte> _read;
    private readonly SafeFileHandle? _file;
    private readonly MemoryMappedViewAccessor? _view;
    private readonly long _needed;
    private long _looked = Environment.TickCount64;

    private FileBytes(string path, ReadOnlyMemory<byte> bytes)
    {
        _path = path;
        _read = bytes;
        Length = bytes.Length;
    }

    private FileBytes(string path, SafeFileHandle file, MemoryMappedViewAccessor view, long start, long length)
    {
        _path = path;
        _file = file;
        _view = view;
        _needed = start + length;
        Length = length;
    }

    /// <summary>Number of bytes.</summary>
    internal long Length { get; }

    /// <summary>Whether they stay in the file.</summary>
    internal bool IsMapped => _view is not null;

    /// <summary>Bytes that are in memory already.</summary>
    /// <param name="path">What messages call them.</param>
    /// <param name="bytes">The bytes; nobody changes them.</param>
    internal static FileBytes Of(string path, ReadOnlyMemory<byte> bytes) => new(path, bytes);

    /// <summary>A whole file.</summary>
    /// <param name="path">What messages call it.</param>
    /// <param name="file">The file; this owns it from now on, and closes it.</param>
    /// <param name="readLimit">Longest length that is read and not mapped; more than 16 MiB never are.</param>
    /// <exception cref="IOException">It cannot be read or mapped.</exception>
    internal static FileBytes Open(string path, SafeFileHandle file, long readLimit = LongestRead)
    {
        long length = RandomAccess.GetLength(file);
        if (length > Math.Min(readLimit, LongestRead))
        {
            return Map(path, file, 0, length);
        }

        using (file)
        {
            byte[] bytes = GC.AllocateUninitializedArray<byte>((int)length);
            for (int at = 0, read; at < bytes.Length; at += read)
            {
                read = RandomAccess.Read(file, bytes.AsSpan(at), at);
                if (read == 0)
                {
                    throw Shrunk(path, at, length);
                }
            }

            return new FileBytes(path, bytes);
        }
    }

    /// <summary>Part of a file, mapped.</summary>
    /// <param name="path">What messages call it.</param>
    /// <param name="file">The file; this owns it from now on, and closes it.</param>
    /// <param name="start">First byte.</param>
    /// <param name="length">How many; more than 0.</param>
    /// <exception cref="IOException">It cannot be mapped.</exception>
    internal static FileBytes Map(string path, SafeFileHandle file, long start, long length)
    {
        using MemoryMappedFile mapping = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        return new FileBytes(path, file, mapping.CreateViewAccessor(start, length, MemoryMappedFileAccess.Read), start, length);
    }

    /// <summary>Some of the bytes, where they lie.</summary>
    /// <param name="offset">First byte.</param>
    /// <param name="length">How many.</param>
    /// <exception cref="ArgumentOutOfRangeException">They lie outside.</exception>
    internal ReadOnlyMemory<byte> Slice(long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - length);
        return _view is null ? _read.Slice((int)offset, length) : new MappedMemory(this, offset, length).Memory;
    }

    /// <summary>Ends a mapping; memory of it must not be used any more.</summary>
    public void Dispose()
    {
        _view?.Dispose();
        _file?.Dispose();
    }

    /// <summary>A byte of a mapping.</summary>
    /// <exception cref="BadInputException">The file has been cut short.</exception>
    internal unsafe byte* At(long offset)
    {
        ObjectDisposedException.ThrowIf(_view!.SafeMemoryMappedViewHandle.IsClosed, this);
        long now = Environment.TickCount64;
        if (now - Volatile.Read(ref _looked) >= LookEvery)
        {
            long length = RandomAccess.GetLength(_file!);
            if (length < _needed)
            {
                throw Shrunk(_path, length, _needed);
            }

            Volatile.Write(ref _looked, now);
        }

        return Start + offset;
    }

    /// <summary>Gives pages of a mapping back to the system.</summary>
    internal unsafe void Unload(long offset, long length)
    {
        if (OperatingSystem.IsWindows() || _view!.SafeMemoryMappedViewHandle.IsClosed)
        {
            return; // Windows takes pages of a mapping from whoever has too many
        }

        nuint page = (nuint)Environment.SystemPageSize, first = (nuint)(Start + offset) & ~(page - 1);
        NativeFiles.Unload((byte*)first, (nuint)(Start + offset + length) - first);
        GC.KeepAlive(this);
    }

    // What the view was asked for need not start where its pages do.
    private unsafe byte* Start => (byte*)_view!.SafeMemoryMappedViewHandle.DangerousGetHandle() + _view.PointerOffset;

    private static BadInputException Shrunk(string path, long found, long expected) =>
        new($"{path}: found {found} bytes, expected {expected} as when it was opened; it was changed while it was in use.");
}
