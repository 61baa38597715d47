using SweepCluster.Engine.Clusters;

namespace SweepCluster.Server.Feeds;

/// <summary>The server's temporary folder, for this user alone. What a killed process left is removed when the next server or silo of this machine starts.</summary>
internal sealed class ServerFolder : IDisposable
{
    private readonly Lazy<SiloFolder> _folder = new(static () => SiloFolder.Create(Path.GetTempPath()));

    /// <summary>A new empty folder in it, of a name that nobody chooses.</summary>
    internal string New()
    {
        string path = Path.Combine(_folder.Value.Path, Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(path);
        return path;
    }

    /// <summary>A new empty file in it that is gone when it is closed.</summary>
    internal FileStream NewFile() => new(
        Path.Combine(_folder.Value.Path, Guid.NewGuid().ToString("N")), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose | FileOptions.Asynchronous);

    /// <summary>Removes a folder that <see cref="New"/> made, as far as that can be done; the rest goes with the server.</summary>
    internal static void Remove(string path)
    {
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
        if (_folder.IsValueCreated)
        {
            _folder.Value.Dispose();
        }
    }
}
