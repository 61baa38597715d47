using System.Text;
using System.Text.Json;
using SweepCluster.Engine.Blobs;
using SweepCluster.Engine.Files;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Runs;
using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Stores.Journal;
using SweepCluster.Sweeps.Specs;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Engine.Clusters;

/// <summary>Makes a result folder of a finished sweep on a machine that never had its model.</summary>
internal static class SweepHome
{
    /// <summary>Copies the journal, and the model out of the bundle. What an earlier call left is used or replaced.</summary>
    internal static async Task<SweepSummary> BringAsync(
        ISweepStore store, IBlobStore blobs, SweepRecord sweep, string path, bool withData, TimeProvider time, CancellationToken cancellationToken)
    {
        SweepFolder folder = new(path);
        folder.CheckUsable();
        await folder.AdmitAsync(sweep, resume: true, cancellationToken);
        await using (JournalStore journal = JournalStore.Open(folder.State, time)) // from here on nobody else uses the folder
        {
            SweepSpec spec = await UnpackAsync(sweep.Request, blobs, folder, withData, cancellationToken);
            string request = JsonSerializer.Serialize(spec, EngineJson.Default.SweepSpec);
            await Durably.WriteAsync(folder.Request, Encoding.UTF8.GetBytes(request), cancellationToken);
            await JournalCopy.CopyAsync(store, journal, sweep with { Request = request }, cancellationToken);
            await TimingLog.PublishAsync(store, sweep.Id, folder, cancellationToken);
        }

        return (await ResultFolder.OpenAsync(path, cancellationToken)).Summary;
    }

    /// <summary>Puts the files beside the journal. Paths in the spec start there, so that the folder may be moved.</summary>
    private static async Task<SweepSpec> UnpackAsync(string request, IBlobStore blobs, SweepFolder folder, bool withData, CancellationToken cancellationToken)
    {
        folder.RemoveTemporary();
        Directory.CreateDirectory(folder.Temporary);
        await Bundles.UnpackAsync(request, blobs, folder.Temporary, withData ? static _ => true : Bundles.IsOfModel, cancellationToken);
        foreach (string part in Directory.EnumerateDirectories(folder.Temporary))
        {
            string place = Path.Combine(folder.State, Path.GetFileName(part));
            if (Directory.Exists(place))
            {
                Directory.Delete(place, recursive: true);
            }

            Directory.Move(part, place);
        }

        folder.RemoveTemporary();
        return Bundles.SpecOf(request);
    }
}
