using SweepCluster.Engine.Clusters;
using SweepCluster.Server.Feeds;

namespace SweepCluster.Server.Api.Reports;

/// <summary>Files of finished sweeps' reports, written once and kept for who asks again: they do not change. Thread-safe.</summary>
internal sealed class ReportShelf(ServerFolder folder, TimeProvider time)
{
    private const int MostKept = 64;
    private const long MostBytes = 1L << 30;

    private readonly FileShelf<(string Sweep, DateTimeOffset? Added, string Name), string> _kept = new(static path => path, MostKept, MostBytes, time);

    /// <summary>Opens a file that is kept; null where it is not.</summary>
    internal FileStream? TryOpen(SweepListing sweep, string name) => _kept.TryOpen(KeyOf(sweep, name))?.Content;

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

            return _kept.Keep(KeyOf(sweep, name), path);
        }
        catch
        {
            ServerFolder.Remove(place);
            throw;
        }
    }

    // One that is removed and handed in again is another: it may be of a later version.
    private static (string, DateTimeOffset?, string) KeyOf(SweepListing sweep, string name) => (sweep.Id, sweep.Status.Added, name);
}
