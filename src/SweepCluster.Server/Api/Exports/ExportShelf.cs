using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Runs;
using SweepCluster.Server.Feeds;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Server.Api.Exports;

/// <summary>Models of trials, written and verified when somebody asks, and kept as archives for who asks again. Thread-safe.</summary>
internal sealed class ExportShelf(ServerParts parts, ServerFolder folder, TimeProvider time) : IDisposable
{
    private const int MostKept = 32;
    private const long MostBytes = 8L << 30; // of archives
    private const int MostName = 100; // characters of the model's name, and of the label, in a file's name

    private readonly SemaphoreSlim _writing = new(1); // models that are written
    private readonly FileShelf<(string Sweep, string Trial), PackedModel> _kept = new(static model => model.Archive, MostKept, MostBytes, time);

    /// <summary>Opens the archive of a trial's model; made where it is not there.</summary>
    /// <returns>What it is, and its bytes, which the caller closes.</returns>
    internal async Task<(PackedModel Model, FileStream Content)> OpenAsync(SweepListing sweep, TrialSummary trial, CancellationToken cancellationToken)
    {
        (string, string) key = (sweep.Id, trial.Id);
        if (_kept.TryOpen(key) is { } kept)
        {
            return kept;
        }

        await _writing.WaitAsync(cancellationToken);
        try
        {
            if (_kept.TryOpen(key) is { } other)
            {
                return other; // somebody was faster
            }

            return await WriteAsync(key, sweep, trial, cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _writing.Dispose();

    private async Task<(PackedModel Model, FileStream Content)> WriteAsync((string, string) key, SweepListing sweep, TrialSummary trial, CancellationToken cancellationToken)
    {
        string place = folder.New();
        string? written = null;
        try
        {
            written = folder.New();
            using OpenedModel open = await OpenedModel.OpenAsync(parts.Store, parts.Blobs, sweep.Record, folder.New(), cancellationToken);
            await open.Records.CatchUpAsync(cancellationToken);
            string name = NameOf(open.Model.Spec.Model, trial);
            long bytes = await new ModelExport(open.Model, open.Records, parts.Blobs).WriteAsync(trial, Path.Combine(written, name), cancellationToken);
            string archive = Path.Combine(place, "model.zip");
            await Task.Run(() => Pack(written, archive, cancellationToken), cancellationToken);
            PackedModel model = new(name, bytes, archive, await Task.Run(() => Archives.HashOf(archive), cancellationToken));
            return (model, _kept.Keep(key, model)); // whose folder is the shelf's from here on
        }
        catch
        {
            ServerFolder.Remove(place);
            throw;
        }
        finally
        {
            ServerFolder.Remove(written);
        }
    }

    private static void Pack(string written, string archive, CancellationToken cancellationToken)
    {
        using FileStream target = new(archive, FileMode.CreateNew, FileAccess.ReadWrite);
        Archives.Write(written, static _ => true, target, cancellationToken);
    }

    private static string NameOf(string model, TrialSummary trial) => $"{Plain(Path.GetFileNameWithoutExtension(model))}-{Plain(trial.Label)}{Path.GetExtension(model)}";

    // Both may have come with a request.
    private static string Plain(string text) => string.Concat(text.Take(MostName).Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-' ? letter : '-'));
}
