namespace SweepCluster.Server.Feeds;

/// <summary>Files that are kept for who asks again, each in a folder of its own, which goes with it: what was unused the longest is removed where it is too much. Thread-safe.</summary>
/// <typeparam name="TKey">What a file is found by.</typeparam>
/// <typeparam name="TFile">What is known of a file.</typeparam>
/// <param name="pathOf">Where a file is.</param>
/// <param name="mostKept">How many are kept.</param>
/// <param name="mostBytes">Bytes of those that are kept, the one that came last among them; that one is kept however large it is.</param>
/// <param name="time">The clock.</param>
internal sealed class FileShelf<TKey, TFile>(Func<TFile, string> pathOf, int mostKept, long mostBytes, TimeProvider time)
    where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, Kept> _kept = [];

    /// <summary>Opens a file that is kept; null where it is not, or not any more.</summary>
    internal (TFile File, FileStream Content)? TryOpen(TKey key)
    {
        lock (_gate)
        {
            if (!_kept.TryGetValue(key, out Kept? entry))
            {
                return null;
            }

            try
            {
                FileStream content = Open(entry.File); // under the lock: what is open stays readable when it is removed
                entry.Used = time.GetTimestamp();
                return (entry.File, content);
            }
            catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
            {
                _kept.Remove(key); // somebody cleaned the temporary folder; it is made again
                return null;
            }
        }
    }

    /// <summary>Keeps a file that was written, in the place of one of the same key, and opens it. Where that fails, it is not kept and stays its writer's.</summary>
    internal FileStream Keep(TKey key, TFile file)
    {
        FileStream content = Open(file);
        lock (_gate)
        {
            if (_kept.Remove(key, out Kept? earlier))
            {
                Remove(earlier);
            }

            long bytes = content.Length;
            int count = 1;
            foreach ((TKey other, Kept entry) in _kept.OrderByDescending(entry => entry.Value.Used).ToArray())
            {
                bytes += entry.Bytes;
                if (++count > mostKept || bytes > mostBytes)
                {
                    (count, bytes) = (count - 1, bytes - entry.Bytes);
                    _kept.Remove(other);
                    Remove(entry);
                }
            }

            _kept.Add(key, new Kept(file, content.Length) { Used = time.GetTimestamp() });
            return content;
        }
    }

    private FileStream Open(TFile file) => new(pathOf(file), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16, FileOptions.Asynchronous);

    private void Remove(Kept entry) => ServerFolder.Remove(Path.GetDirectoryName(pathOf(entry.File)));

    private sealed record Kept(TFile File, long Bytes)
    {
        internal long Used { get; set; }
    }
}
