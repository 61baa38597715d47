using Microsoft.Win32.SafeHandles;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.Files;

/// <summary>A folder or file that is written beside its target and takes its name when it is complete: whenever the process ends, the target is absent or whole.</summary>
/// <remarks>Its name is <c>.TARGET.ID.writing</c>. Whoever writes it has a share in its lock, which ends with the process, so that the next write to the same target can tell what a killed one left and removes it.
/// Where there are no such locks (Windows, some network disks) nothing is removed.</remarks>
internal sealed class TemporarySibling : IDisposable
{
    private const string Ending = ".writing";
    private const int Attempts = 4;

    private readonly string _target;
    private readonly string _asked;
    private readonly SafeFileHandle? _lock;
    private bool _isMoved;

    private TemporarySibling(string target, string asked, string path, SafeFileHandle? held)
    {
        _target = target;
        _asked = asked;
        Path = path;
        _lock = held;
    }

    /// <summary>The folder or file to write into.</summary>
    internal string Path { get; }

    /// <summary>Whether a path is named as what is being written, or was left by a write that was killed.</summary>
    internal static bool IsOne(string path)
    {
        string name = System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(path));
        return name.StartsWith('.') && name.EndsWith(Ending, StringComparison.Ordinal);
    }

    /// <summary>Makes a folder, after what killed writes to the same target left was removed.</summary>
    /// <param name="path">The target, as it was asked for; must not exist.</param>
    /// <exception cref="BadInputException">The target exists, or nothing can be made beside it.</exception>
    internal static TemporarySibling CreateFolder(string path) => Create(path, static folder => Directory.CreateDirectory(folder));

    /// <summary>Makes an empty file, as <see cref="CreateFolder"/> makes a folder.</summary>
    /// <param name="path">The target, as it was asked for; must not exist.</param>
    /// <exception cref="BadInputException">The target exists, or nothing can be made beside it.</exception>
    internal static TemporarySibling CreateFile(string path) => Create(path, static file => File.OpenHandle(file, FileMode.CreateNew, FileAccess.Write).Dispose());

    /// <summary>Flushes the names in a folder, gives it or the file the target's name and flushes that.</summary>
    /// <exception cref="IOException">The target exists by now, or the disk refused.</exception>
    internal void MoveToTarget()
    {
        if (Directory.Exists(Path))
        {
            foreach (string folder in Directory.EnumerateDirectories(Path, "*", SearchOption.AllDirectories).Append(Path))
            {
                Folders.Flush(folder);
            }

            Directory.Move(Path, _target);
        }
        else
        {
            File.Move(Path, _target);
        }

        _isMoved = true;
        Folders.Flush(System.IO.Path.GetDirectoryName(_target)!);
    }

    /// <summary>The error of a write that failed on the way.</summary>
    /// <remarks>Messages of the system name the file that it was writing: they come to name what the person asked for.</remarks>
    internal WriteFailedException Failed(Exception exception) => new($"{_asked}: writing failed ({InWords(exception, Path, _asked)}).", exception);

    /// <summary>Removes what was made, unless it became the target.</summary>
    public void Dispose()
    {
        if (!_isMoved)
        {
            Remove(Path);
        }

        _lock?.Dispose();
    }

    private static TemporarySibling Create(string path, Action<string> make)
    {
        string target = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        NewPath.Check(path);
        string parent = System.IO.Path.GetDirectoryName(target)!, prefix = $".{System.IO.Path.GetFileName(target)}.";
        string? sibling = null;
        try
        {
            Directory.CreateDirectory(parent);
            RemoveStale(parent, prefix);
            for (int attempt = 0; ; attempt++)
            {
                sibling = System.IO.Path.Combine(parent, $"{prefix}{Guid.NewGuid():N}{Ending}");
                make(sibling);
                SafeFileHandle? held = Lock(sibling, owns: false);
                if (System.IO.Path.Exists(sibling) || attempt == Attempts)
                {
                    return new TemporarySibling(target, path, sibling, held);
                }

                held?.Dispose(); // another write took it for a stale one before it was locked
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw NewPath.Refuse(exception, sibling, path);
        }
    }

    /// <summary>What a failed write says, in one line, with the path that was asked for in place of the one that was being written.</summary>
    internal static string InWords(Exception exception, string? written, string asked) =>
        OneLine.Of(string.IsNullOrEmpty(written) ? exception.Message : exception.Message.Replace(written, asked, StringComparison.Ordinal)).TrimEnd('.');

    private static void RemoveStale(string parent, string prefix)
    {
        foreach (string sibling in Directory.EnumerateFileSystemEntries(parent))
        {
            string name = System.IO.Path.GetFileName(sibling);
            if (name.StartsWith(prefix, StringComparison.Ordinal) && name.EndsWith(Ending, StringComparison.Ordinal)
                && Guid.TryParseExact(name.AsSpan(prefix.Length, Math.Max(0, name.Length - prefix.Length - Ending.Length)), "N", out _))
            {
                using SafeFileHandle? held = Lock(sibling, owns: true);
                if (held is not null)
                {
                    Remove(sibling);
                }
            }
        }
    }

    // Null where another holds the lock, or there are no locks.
    private static SafeFileHandle? Lock(string path, bool owns)
    {
        if (OperatingSystem.IsWindows() || NativeFiles.OpenForReading(path).Handle is not { } handle)
        {
            return null;
        }

        if (owns ? NativeFiles.TryOwn(handle) : NativeFiles.TryShare(handle))
        {
            return handle;
        }

        handle.Dispose();
        return null;
    }

    private static void Remove(string path)
    {
        try
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
            else
            {
                File.Delete(path);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is gone, or the disk that failed us keeps it; the first error is the one to tell.
        }
    }
}
