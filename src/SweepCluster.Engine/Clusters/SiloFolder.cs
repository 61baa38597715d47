namespace SweepCluster.Engine.Clusters;

/// <summary>A silo's temporary folder, <c>sweep-silo-X</c>, with a lock beside it that the system releases when the process dies, however it dies: so the next silo knows what is left over, and removes it.</summary>
internal sealed class SiloFolder : IDisposable
{
    private const string Prefix = "sweep-silo-", LockExtension = ".lock";

    private const int MostTries = 32; // silos of one machine that start at one moment; a folder that cannot be written fails them all

    private readonly FileStream _lock;

    private SiloFolder(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    /// <summary>The folder.</summary>
    internal string Path { get; }

    /// <summary>Makes a folder of this process's own, after removing those of processes that are dead.</summary>
    /// <param name="root">Where silos of this machine keep theirs.</param>
    internal static SiloFolder Create(string root)
    {
        Directory.CreateDirectory(root);
        RemoveLeftOver(root);
        for (int tries = 1; ; tries++)
        {
            string path = System.IO.Path.Combine(root, Prefix + Guid.NewGuid().ToString("N")[..12]);
            FileStream held;
            try
            {
                held = Lock(path + LockExtension, FileMode.CreateNew);
            }
            catch (IOException) when (tries < MostTries)
            {
                continue; // a silo that starts at this moment takes the new lock for one that is left over, and may have removed it by now
            }

            if (File.Exists(path + LockExtension))
            {
                MakePrivate(path);
                return new SiloFolder(path, held);
            }

            held.Dispose(); // the same, a little later
        }
    }

    /// <summary>Removes the folder.</summary>
    public void Dispose()
    {
        Remove(Path);
        _lock.Dispose(); // and with it goes the file
    }

    private static void RemoveLeftOver(string root)
    {
        foreach (string name in Directory.EnumerateFiles(root, $"{Prefix}*{LockExtension}"))
        {
            try
            {
                using FileStream held = Lock(name, FileMode.Open);
                Remove(name[..^LockExtension.Length]);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Its process is alive, or it is another user's.
            }
        }
    }

    private static FileStream Lock(string path, FileMode mode) => new(path, mode, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);

    /// <summary>Models and data are nobody else's business.</summary>
    internal static void MakePrivate(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder); // the user's own temporary folder already
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
