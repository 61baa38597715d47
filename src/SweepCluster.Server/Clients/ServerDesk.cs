using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Runs;
using SweepCluster.Engine.Sessions;
using SweepCluster.Engine.Stores;
using SweepCluster.Formats;
using SweepCluster.Formats.Files;
using SweepCluster.Graphs;
using SweepCluster.Server.Api;
using SweepCluster.Server.Api.Contracts;
using SweepCluster.Sweeps.Specs;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Server.Clients;

/// <summary>The desk of a server, for who can reach that and nothing behind it.</summary>
public sealed class ServerDesk : ISweepDesk
{
    private const int PageSize = 1000;
    private const int MostUploads = 5; // of the same sweep, each of what the server lacks
    private static readonly TimeSpan s_usualWait = TimeSpan.FromSeconds(100);
    private static readonly TimeSpan s_longWait = TimeSpan.FromHours(1); // a model is compressed and read back meanwhile
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(2);

    private readonly ServerCalls _calls;
    private readonly TimeProvider _time;
    private readonly IProgress<UploadProgress>? _uploads;

    private ServerDesk(ServerAddress address, IProgress<UploadProgress>? uploads, TimeProvider time)
    {
        Place = address.Place;
        _calls = new ServerCalls(address, time);
        _uploads = uploads;
        _time = time;
    }

    /// <inheritdoc/>
    public string Place { get; }

    /// <summary>A desk at a server; it is asked with the first call.</summary>
    /// <param name="address">The server.</param>
    /// <param name="uploads">Told how far files are on their way; null: nobody is.</param>
    /// <param name="time">The clock, for pauses.</param>
    /// <exception cref="BadInputException">The authorities' file cannot be used.</exception>
    public static ServerDesk Open(ServerAddress address, IProgress<UploadProgress>? uploads, TimeProvider time) => new(address, uploads, time);

    /// <inheritdoc/>
    /// <exception cref="BadInputException">The server does not take it.</exception>
    /// <exception cref="StoreUnavailableException">The server cannot be reached.</exception>
    public async Task<Submission> SubmitAsync(SweepSpec spec, SweepControl control, CancellationToken cancellationToken)
    {
        await ListSilosAsync(cancellationToken); // who is not there, or not let in, is told so before model and data are read
        SweepSession session = await Task.Run(() => SweepSession.Open(spec), cancellationToken);
        if (await TryReadAsync(session.Record.Id, cancellationToken) is { Status.IsFinished: true } finished)
        {
            return new Submission(finished, IsNew: false, []);
        }

        SubmissionResource answer = await HandInAsync(spec, control, cancellationToken);
        ImmutableArray<string> notices = answer.Sweep.Id == session.Record.Id ? answer.Notices
            : [.. answer.Notices, $"the server is of version {answer.Sweep.Version}, this program of {SweepModel.Version}: the sweep is {answer.Sweep.Id} there, and would be {session.Record.Id} here."];
        return new Submission(ServerResources.Listing(answer.Sweep), answer.IsNew, notices);
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<SweepListing>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await ReadAllAsync<SweepResource>(ApiPaths.Sweeps, cancellationToken)).Select(ServerResources.Listing)];

    /// <inheritdoc/>
    public async Task<SweepListing> FindAsync(string? text, CancellationToken cancellationToken)
    {
        if (text is not null && SweepLookup.IsWholeId(text) && await TryReadAsync(text, cancellationToken) is { } known)
        {
            return known;
        }

        ImmutableArray<SweepListing> all = await ListAsync(cancellationToken);
        return SweepLookup.Find(text, all, Place);
    }

    /// <inheritdoc/>
    public async Task WatchAsync(string sweepId, IProgress<SweepProgress> progress, CancellationToken cancellationToken)
    {
        SweepListing sweep = await FindAsync(sweepId, cancellationToken);
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ServerWatch watch = new(sweep.Record, progress);
        Task looking = LookAtSilosAsync(watch, sweep.Id, over.Token);
        try
        {
            ProgressStream stream = new(_calls, $"{ApiPaths.Sweeps}/{sweep.Id}/changes", _time);
            await foreach (SseItem<string> item in stream.ReadAsync(cancellationToken))
            {
                if (watch.Take(item))
                {
                    return;
                }
            }
        }
        catch (Exception error) when (error is JsonException)
        {
            throw new BadInputException($"--server {Place}: found an event that no 'sweep serve' of this version tells ({OneLine.Of(error.Message).TrimEnd('.')}), expected the address of one.", error);
        }
        finally
        {
            await over.CancelAsync();
            await looking;
        }
    }

    /// <inheritdoc/>
    public async Task<SweepControl> ChangeAsync(string sweepId, SweepChange change, CancellationToken cancellationToken)
    {
        ChangeRequest request = new()
        {
            Phase = change.Phase is { } phase ? SweepListing.NameOf(phase) : null,
            Priority = change.Priority,
            Attempts = change.MaxAttempts,
            TimeLimitSeconds = change.TimeLimit is not { } limit ? null : limit == Timeout.InfiniteTimeSpan ? 0 : limit.TotalSeconds,
        };
        return ServerResources.Control(await _calls.SendAsync<ChangeRequest, SweepResource>(
            HttpMethod.Patch, $"{ApiPaths.Sweeps}/{sweepId}", request, null, s_usualWait, cancellationToken));
    }

    /// <inheritdoc/>
    public async Task<long> RemoveAsync(string sweepId, CancellationToken cancellationToken) => (await _calls.CallAsync(
        () => new(HttpMethod.Delete, ServerCalls.Relative($"{ApiPaths.Sweeps}/{sweepId}")), _calls.ReadAsync<RemovalResource>, s_longWait, cancellationToken)).FreedBytes;

    /// <inheritdoc/>
    public async Task<SweepSummary> FetchAsync(string sweepId, string folder, bool withData, CancellationToken cancellationToken)
    {
        SweepListing sweep = await FindAsync(sweepId, cancellationToken);
        return sweep.Status.IsFinished
            ? await new ResultDownload(_calls).FetchAsync(sweep.Record, folder, withData, cancellationToken)
            : throw StoreDesk.NotFinished(sweep);
    }

    /// <summary>Lets the server write the model of a trial, and brings it here.</summary>
    /// <param name="sweepId">The finished sweep.</param>
    /// <param name="choice">Which trial.</param>
    /// <param name="path">Where to write; must not exist.</param>
    /// <param name="cancellationToken">Stops; nothing is left at the path.</param>
    /// <exception cref="NoSuchTrialException">The sweep has no such trial.</exception>
    /// <exception cref="NoSuchSweepException">The sweep is not there.</exception>
    /// <exception cref="BadInputException">Several trials are meant, or the path cannot be written, or it ends otherwise than the model's name.</exception>
    /// <exception cref="WrongPhaseException">No trial is proven to be as asked for, or the sweep is not finished.</exception>
    /// <exception cref="StoreUnavailableException">The server cannot be reached.</exception>
    public async Task<ExportedModel> ExportAsync(string sweepId, ModelChoice choice, string path, CancellationToken cancellationToken)
    {
        NewPath.Check(path);
        ExportRequest request = new() { Trial = choice.Trial, MaxDrop = choice.MaxDrop, MaxSizeBytes = choice.MaxSizeBytes };
        ExportResource export = await _calls.TrySendAsync<ExportRequest, ExportResource>(
            HttpMethod.Post, $"{ApiPaths.Sweeps}/{sweepId}/exports", request, s_longWait, HttpStatusCode.NotFound, cancellationToken) ?? throw await NoneAsync(sweepId, choice.Trial, cancellationToken);
        ModelFormats.CheckExtension(path, $"the server's {export.Name}", export.Name);
        await new ModelDownload(_calls, Place).FetchAsync(export, path, cancellationToken);
        return new ExportedModel(export.Trial, export.Label, export.SizeBytes, export.CompressionRatio, export.Explanation);
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<SiloStatus>> ListSilosAsync(CancellationToken cancellationToken) => [.. (await ReadSilosAsync(cancellationToken)).Select(silo => silo.Status)];

    /// <inheritdoc/>
    public async Task<ImmutableArray<Admission>> AdmitAsync(SweepNeeds needs, CancellationToken cancellationToken) =>
        Admission.Of(needs, SweepModel.Version, await ListSilosAsync(cancellationToken));

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoreEvent> ReadEventsAsync(string? sweepId, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string path = sweepId is null ? ApiPaths.Events : $"{ApiPaths.Sweeps}/{sweepId}/events";
        for (long read = 0; ;)
        {
            Page<EventResource> page = await _calls.GetAsync<Page<EventResource>>(string.Create(CultureInfo.InvariantCulture, $"{path}?limit={PageSize}&after={read}"), cancellationToken);
            foreach (EventResource entry in page.Items)
            {
                yield return ServerResources.Event(entry);
                read = entry.Number;
            }

            if (page.Next is null)
            {
                if (!follow)
                {
                    yield break;
                }

                await Task.Delay(s_look, _time, cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _calls.Dispose();
        return ValueTask.CompletedTask;
    }

    // A server keeps parts for an hour: of a long upload the first may be gone when the last is there.
    private async Task<SubmissionResource> HandInAsync(SweepSpec spec, SweepControl control, CancellationToken cancellationToken)
    {
        BlobUpload upload = new(_calls, _uploads);
        string key = Guid.NewGuid().ToString("N");
        HashSet<string> missing = new(StringComparer.Ordinal);
        for (int attempt = 1; ; attempt++)
        {
            (SweepSpec moved, ImmutableArray<FileResource> files) = await upload.SendAsync(spec, missing, cancellationToken);
            SubmitRequest request = new(SpecWriter.Write(moved), files)
            {
                Priority = control.Priority,
                Attempts = control.MaxAttempts,
                TimeLimitSeconds = control.TimeLimit?.TotalSeconds,
            };
            try
            {
                return await _calls.SendAsync<SubmitRequest, SubmissionResource>(HttpMethod.Post, ApiPaths.Sweeps, request, key, s_longWait, cancellationToken);
            }
            catch (PartsMissingException lacking) when (attempt < MostUploads)
            {
                missing.Clear();
                missing.UnionWith(lacking.Missing); // others that it lacks beyond those it names, it says when it is asked
            }
        }
    }

    // A sweep that is there has no such trial.
    private async Task<BadInputException> NoneAsync(string sweepId, string? trial, CancellationToken cancellationToken) => trial is not null && await TryReadAsync(sweepId, cancellationToken) is not null
        ? new NoSuchTrialException($"trial {OneLine.Short(trial)}: found none in sweep {sweepId} of the server {Place}, expected the id of one, its first digits, or its label.")
        : new NoSuchSweepException($"sweep {sweepId}: found none at the server {Place}, expected one that is still there.");

    private async Task<SweepListing?> TryReadAsync(string id, CancellationToken cancellationToken)
    {
        SweepResource? sweep = await _calls.TryCallAsync(
            () => new(HttpMethod.Get, ServerCalls.Relative($"{ApiPaths.Sweeps}/{id}")), async (answer, token) => (SweepResource?)await _calls.ReadAsync<SweepResource>(answer, token),
            s_usualWait, HttpStatusCode.NotFound, cancellationToken);
        return sweep is null ? null : ServerResources.Listing(sweep);
    }

    private async Task<ImmutableArray<WorkingSilo>> ReadSilosAsync(CancellationToken cancellationToken) =>
        [.. (await ReadAllAsync<SiloResource>(ApiPaths.Silos, cancellationToken)).Select(ServerResources.Silo)];

    private async Task<List<T>> ReadAllAsync<T>(string path, CancellationToken cancellationToken)
    {
        List<T> items = [];
        for (string? after = null; ;)
        {
            Page<T> page = await _calls.GetAsync<Page<T>>($"{path}?limit={PageSize}{(after is null ? "" : $"&after={Uri.EscapeDataString(after)}")}", cancellationToken);
            items.AddRange(page.Items);
            if (page.Next is null)
            {
                return items;
            }

            after = page.Next;
        }
    }

    private async Task LookAtSilosAsync(ServerWatch watch, string sweepId, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                ImmutableArray<WorkingSilo> silos = await ReadSilosAsync(cancellationToken);
                bool isIdle = !silos.Any(silo => silo.Jobs.Any(job => job.SweepId == sweepId));
                watch.Look(silos, isIdle ? (await TryReadAsync(sweepId, cancellationToken))?.Waits : null);
            }
            catch (Exception error) when (error is OperationCanceledException or SweepException)
            {
                // Stopped; or the server went, which whoever reads the events finds out and says: where those go on, so does this.
            }

            await Task.Delay(s_look, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
