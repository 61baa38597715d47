using SweepCluster.Engine.Clusters;

namespace SweepCluster.Server.Feeds;

/// <summary>The server's temporary folder, for this user alone. What a killed process left is removed when the next server or silo of this machine starts.</summary>
internal sealed class ServerFolder : IDisposable
{
    private readonly Lock _gate = new();
    private SiloFolder? _folder;

    /// <summary>The folder that it is in, on the same disk.</summary>
    internal static string Root => Path.GetTempPath();

    /// <summary>A new empty folder in it, of a name that nobody chooses.</summary>
    internal string New()
    {
        string path = NewPath();
        Directory.CreateDirectory(path);
        return path;
    }

    /// <summary>A new empty file in it that is gone when it is closed.</summary>
    internal FileStream NewFile() =>
        new(NewPath(), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose | FileOptions.Asynchronous);

    /// <summary>Removes a folder that <see cref="New"/> made, as far as that can be done; the rest goes with the server.</summary>
    internal static void Remove(string? path)
    {
        if (path is null)
        {
            return; // it was not made
        }

        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It goes with the server's own folder.
        }
    }

    /// <summary>Removes it.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _folder?.Dispose();
            _folder = null;
        }
    }

    /// <summary>A path in it that nobody has. Where somebody who cleans up removed the folder, it is made again; where it cannot be made, the next call tries again.</summary>
    private string NewPath()
    {
        lock (_gate)
        {
            _folder ??= SiloFolder.Create(Root);
            if (!Directory.Exists(_folder.Path))
            {
                SiloFolder.MakePrivate(_folder.Path);
            }

            return Path.Combine(_folder.Path, Guid.NewGuid().ToString("N"));
        }
    }
}
