using System.Diagnostics;
using System.Globalization;

namespace SweepCluster.Fuzz.Campaigns;

/// <summary>Where a process and its parts write their cases: where files cost no disk, if there is such a place. Named after the process, so that the next one finds what the dead have left.</summary>
internal sealed class WorkFolder : IDisposable
{
    private const string Prefix = "sweep-fuzz-";

    private WorkFolder(string path)
    {
        Path = path;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    private static string Root => Directory.Exists("/dev/shm") ? "/dev/shm" : System.IO.Path.GetTempPath();

    /// <summary>The folder of this process, empty; those of processes that are no more are removed.</summary>
    public static WorkFolder Make()
    {
        RemoveThoseOfTheDead();
        string path = System.IO.Path.Combine(Root, $"{Prefix}{Environment.ProcessId}");
        Remove(path); // of an earlier process of this number
        Directory.CreateDirectory(path);
        return new WorkFolder(path);
    }

    /// <summary>The folder of a part; it stays when the part dies, for who looks for its case.</summary>
    public string PartOf(int part) => System.IO.Path.Combine(Path, $"part{part}");

    /// <inheritdoc/>
    public void Dispose() => Remove(Path);

    private static void RemoveThoseOfTheDead()
    {
        foreach (string folder in Directory.GetDirectories(Root, $"{Prefix}*"))
        {
            if (int.TryParse(System.IO.Path.GetFileName(folder)[Prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out int processId) && !IsAlive(processId))
            {
                Remove(folder);
            }
        }
    }

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception error) when (error is DirectoryNotFoundException or UnauthorizedAccessException)
        {
            // Another process was faster, or it is another user's.
        }
    }

    private static bool IsAlive(int processId)
    {
        try
        {
            using Process process = Process.GetProcessById(processId);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
