using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using SweepCluster.Engine.Blobs;
using SweepCluster.Engine.Jobs;

namespace SweepCluster.Engine.Telemetry;

/// <summary>What the silos of this process have and hold, asked from their parts when somebody looks.</summary>
internal static class SiloGauges
{
    private static readonly Registry<ILoopView> s_loops = new();
    private static readonly Registry<Func<(int Sweeps, long UsedBytes, long LimitBytes)>> s_memory = new();
    private static readonly Registry<(string Role, string Path)> s_folders = new();
    private static readonly ConcurrentDictionary<string, WeakReference<CachedBlobStore>> s_caches = new(StringComparer.Ordinal); // by folder

    static SiloGauges()
    {
        Meter meter = EngineTelemetry.Meter;
        meter.CreateObservableGauge("sweepcluster.slots", Slots, "{slot}", "Slots of this silo.");
        meter.CreateObservableGauge("sweepcluster.claims.ready", () => s_loops.Sum(static loop => loop.Ready), "{job}", "Jobs claimed that wait for a slot here.");
        meter.CreateObservableGauge("sweepcluster.results.pending", () => s_loops.Sum(static loop => loop.Pending), "{job}", "Results on their way to the store.");
        meter.CreateObservableGauge("sweepcluster.sweeps.open", () => s_memory.Sum(static look => look().Sweeps), "{sweep}", "Sweeps that this silo has open.");
        meter.CreateObservableGauge("sweepcluster.sweep.memory", Memory, "By", "Memory that open sweeps may take, as admission counts it.");
        meter.CreateObservableGauge("sweepcluster.blob.cache", Caches, "By", "Size of the blob cache.");
        meter.CreateObservableGauge("sweepcluster.disk.free", () => Disks(static drive => drive.AvailableFreeSpace), "By", "What is free on the disk under a folder.");
        meter.CreateObservableGauge("sweepcluster.disk.size", () => Disks(static drive => drive.TotalSize), "By", "Size of the disk under a folder.");
    }

    /// <summary>Makes sure that the instruments are there.</summary>
    internal static void Prime()
    {
        // The static constructor did.
    }

    /// <summary>Shows a loop until it is disposed of.</summary>
    internal static IDisposable Show(ILoopView loop) => s_loops.Add(loop);

    /// <summary>Shows what open sweeps take.</summary>
    internal static IDisposable ShowMemory(Func<(int Sweeps, long UsedBytes, long LimitBytes)> look) => s_memory.Add(look);

    /// <summary>Shows the disk under a folder.</summary>
    /// <param name="role"><c>cache</c>, <c>temporary</c> or <c>store</c>.</param>
    /// <param name="path">The folder; one that is not there yet is looked for further up.</param>
    internal static IDisposable ShowDisk(string role, string path) => s_folders.Add((role, path));

    /// <summary>Shows a cache as long as somebody uses it.</summary>
    internal static void ShowCache(string folder, CachedBlobStore cache) => s_caches[folder] = new WeakReference<CachedBlobStore>(cache);

    /// <summary>The age of the oldest job that runs in this process, by sweep and kind.</summary>
    internal static Dictionary<(string SweepId, JobKind Kind), TimeSpan> OldestJobs()
    {
        Dictionary<(string, JobKind), TimeSpan> oldest = [];
        foreach ((string sweepId, JobKind kind, TimeSpan age) in s_loops.Items.SelectMany(static loop => loop.Running))
        {
            if (!oldest.TryGetValue((sweepId, kind), out TimeSpan known) || age > known)
            {
                oldest[(sweepId, kind)] = age;
            }
        }

        return oldest;
    }

    private static IEnumerable<Measurement<int>> Slots()
    {
        ImmutableArray<ILoopView> loops = s_loops.Items;
        if (!loops.IsEmpty)
        {
            (int used, int all) = (loops.Sum(static loop => loop.Slots.Used), loops.Sum(static loop => loop.Slots.All));
            yield return new(used, new KeyValuePair<string, object?>("state", "used"));
            yield return new(all - used, new KeyValuePair<string, object?>("state", "free"));
        }
    }

    private static IEnumerable<Measurement<long>> Memory()
    {
        ImmutableArray<Func<(int Sweeps, long UsedBytes, long LimitBytes)>> looks = s_memory.Items;
        if (!looks.IsEmpty)
        {
            yield return new(looks.Sum(static look => look().UsedBytes), new KeyValuePair<string, object?>("state", "used"));
            yield return new(looks.Sum(static look => look().LimitBytes), new KeyValuePair<string, object?>("state", "limit"));
        }
    }

    private static IEnumerable<Measurement<long>> Caches()
    {
        long? bytes = null;
        foreach ((string folder, WeakReference<CachedBlobStore> reference) in s_caches)
        {
            if (reference.TryGetTarget(out CachedBlobStore? cache))
            {
                bytes = (bytes ?? 0) + cache.KeptBytes;
            }
            else
            {
                s_caches.TryRemove(KeyValuePair.Create(folder, reference));
            }
        }

        return bytes is { } sum ? [new(sum)] : [];
    }

    /// <summary>One figure for each role: of several folders of the same role the one with the least.</summary>
    private static IEnumerable<Measurement<long>> Disks(Func<DriveInfo, long> figure) => s_folders.Items
        .GroupBy(static folder => folder.Role, static folder => folder.Path, StringComparer.Ordinal)
        .Select(role => (Role: role.Key, Bytes: role.Select(path => FigureOf(path, figure)).Min()))
        .Where(static role => role.Bytes is not null)
        .Select(static role => new Measurement<long>(role.Bytes!.Value, new KeyValuePair<string, object?>("folder", role.Role)));

    private static long? FigureOf(string path, Func<DriveInfo, long> figure)
    {
        try
        {
            string? folder = Path.GetFullPath(path);
            while (folder is not null && !Directory.Exists(folder))
            {
                folder = Path.GetDirectoryName(folder);
            }

            return folder is null ? null : figure(new DriveInfo(folder));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null; // a disk that cannot be asked is not told
        }
    }
}
