using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Runs;
using SweepCluster.Server.Feeds;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Server.Api.Exports;

/// <summary>Models of trials, written and verified when somebody asks, and kept as archives for who asks again. Thread-safe.</summary>
internal sealed class ExportShelf(ServerParts parts, ServerFolder folder, TimeProvider time) : IDisposable
{
    private const int MostKept = 32;
    private const long MostBytes = 8L << 30; // of archives that are kept, beside the one asked for last
    private const int MostName = 100; // characters of the model's name, and of the label, in a file's name

    private readonly SemaphoreSlim _writing = new(1); // models that are written
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Sweep, string Trial), (PackedModel Model, long Used)> _kept = [];

    /// <summary>Opens the archive of a trial's model; made where it is not there.</summary>
    /// <returns>What it is, and its bytes, which the caller closes.</returns>
    internal async Task<(PackedModel Model, FileStream Content)> OpenAsync(SweepListing sweep, TrialSummary trial, CancellationToken cancellationToken)
    {
        if (Find(sweep.Id, trial.Id) is { } kept)
        {
            return kept;
        }

        await _writing.WaitAsync(cancellationToken);
        try
        {
            return Find(sweep.Id, trial.Id) ?? Keep(sweep.Id, trial.Id, await WriteAsync(sweep, trial, cancellationToken));
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _writing.Dispose();

    private (PackedModel Model, FileStream Content)? Find(string sweepId, string trialId)
    {
        lock (_gate)
        {
            if (!_kept.TryGetValue((sweepId, trialId), out (PackedModel Model, long) entry))
            {
                return null;
            }

            try
            {
                FileStream content = Open(entry.Model); // under the lock: what is open stays readable when it is removed
                _kept[(sweepId, trialId)] = (entry.Model, time.GetTimestamp());
                return (entry.Model, content);
            }
            catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
            {
                _kept.Remove((sweepId, trialId)); // somebody cleaned the temporary folder; it is made again
                return null;
            }
        }
    }

    private (PackedModel Model, FileStream Content) Keep(string sweepId, string trialId, PackedModel model)
    {
        lock (_gate)
        {
            long bytes = model.ArchiveBytes;
            int count = 1;
            foreach (((string Sweep, string Trial) key, (PackedModel Model, long) entry) in _kept.OrderByDescending(entry => entry.Value.Used).ToArray())
            {
                bytes += entry.Model.ArchiveBytes;
                if (++count > MostKept || bytes > MostBytes)
                {
                    bytes -= entry.Model.ArchiveBytes;
                    count--;
                    _kept.Remove(key);
                    ServerFolder.Remove(Path.GetDirectoryName(entry.Model.Archive)!);
                }
            }

            _kept[(sweepId, trialId)] = (model, time.GetTimestamp());
            return (model, Open(model));
        }
    }

    private async Task<PackedModel> WriteAsync(SweepListing sweep, TrialSummary trial, CancellationToken cancellationToken)
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
            return new PackedModel(name, bytes, archive, new FileInfo(archive).Length, await Task.Run(() => Archives.HashOf(archive), cancellationToken));
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

    private static FileStream Open(PackedModel model) => new(model.Archive, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16, FileOptions.Asynchronous);

    private static string NameOf(string model, TrialSummary trial) => $"{Plain(Path.GetFileNameWithoutExtension(model))}-{Plain(trial.Label)}{Path.GetExtension(model)}";

    // Both may have come with a request.
    private static string Plain(string text) => string.Concat(text.Take(MostName).Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-' ? letter : '-'));
}
