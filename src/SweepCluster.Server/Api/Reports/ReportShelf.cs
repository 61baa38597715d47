using SweepCluster.Engine.Clusters;
using SweepCluster.Server.Feeds;

namespace SweepCluster.Server.Api.Reports;

/// <summary>Files of finished sweeps' reports, written once and kept for who asks again: they do not change. Thread-safe.</summary>
internal sealed class ReportShelf(ServerFolder folder, TimeProvider time)
{
    private const int MostKept = 64;
    private const long MostBytes = 1L << 30; // beside the one that was written last

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Sweep, DateTimeOffset? Added, string Name), Kept> _kept = [];

    /// <summary>Opens a file that is kept; null where it is not.</summary>
    internal FileStream? TryOpen(SweepListing sweep, string name)
    {
        lock (_gate)
        {
            if (!_kept.TryGetValue(KeyOf(sweep, name), out Kept? entry))
            {
                return null;
            }

            entry.Used = time.GetTimestamp();
            return Open(entry.Path); // under the lock: what is open stays readable when it is removed
        }
    }

    /// <summary>Writes a file, keeps it, and forgets what was unused the longest where that is too much.</summary>
    internal async Task<FileStream> WriteAsync(SweepListing sweep, string name, Func<Stream, Task> write)
    {
        string place = folder.New(), path = Path.Combine(place, "file");
        try
        {
            await using (FileStream file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous))
            {
                await write(file);
            }

            return Keep(KeyOf(sweep, name), path);
        }
        catch
        {
            ServerFolder.Remove(place);
            throw;
        }
    }

    private FileStream Keep((string, DateTimeOffset?, string) key, string path)
    {
        FileStream opened = Open(path);
        lock (_gate)
        {
            if (_kept.Remove(key, out Kept? earlier))
            {
                ServerFolder.Remove(Path.GetDirectoryName(earlier.Path)!);
            }

            long bytes = opened.Length;
            int count = 1;
            foreach (((string, DateTimeOffset?, string) other, Kept entry) in _kept.OrderByDescending(entry => entry.Value.Used).ToArray())
            {
                bytes += entry.Bytes;
                if (++count > MostKept || bytes > MostBytes)
                {
                    (count, bytes) = (count - 1, bytes - entry.Bytes);
                    _kept.Remove(other);
                    ServerFolder.Remove(Path.GetDirectoryName(entry.Path)!);
                }
            }

            _kept.Add(key, new Kept(path, opened.Length) { Used = time.GetTimestamp() });
            return opened;
        }
    }

    // One that is removed and handed in again is another: it may be of a later version.
    private static (string, DateTimeOffset?, string) KeyOf(SweepListing sweep, string name) => (sweep.Id, sweep.Status.Added, name);

    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16, FileOptions.Asynchronous);

    private sealed record Kept(string Path, long Bytes)
    {
        internal long Used { get; set; }
    }
}
