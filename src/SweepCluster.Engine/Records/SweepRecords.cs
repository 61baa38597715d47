using System.Collections.Immutable;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Sessions;
using SweepCluster.Engine.Stores;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;
using SweepCluster.Sweeps.Cells;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Probes;
using SweepCluster.Sweeps.Search;
using SweepCluster.Sweeps.Spaces;
using SweepCluster.Sweeps.Trials;

namespace SweepCluster.Engine.Records;

/// <summary>What a store has recorded of one sweep, folded as it comes. The same records give the same content whatever order they were recorded in. Thread-safe.</summary>
internal sealed class SweepRecords : IProgressRecords, IDisposable
{
    private const int PageSize = 1000;

    private readonly ISweepStore _store;
    private readonly SweepModel _model;
    private readonly string _sweepId;
    private readonly SemaphoreSlim _reading = new(1);
    private readonly Lock _gate = new();
    private readonly List<(JobCost Cost, Action<JobResult> Receive)> _receivers = []; // one a job, by sequence
    private readonly Dictionary<string, CellResult> _cells = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<(string PlanId, SampleRange Range), TrialEntry> _trials = [];
    private readonly OrderedDictionary<string, ProbeEntry> _probes = new(StringComparer.Ordinal);
    private readonly List<TrialEntry> _completed = [];
    private long _results;

    /// <summary>An empty fold; <see cref="CatchUpAsync"/> fills it.</summary>
    internal SweepRecords(ISweepStore store, SweepModel model, string sweepId)
    {
        _store = store;
        _model = model;
        _sweepId = sweepId;
    }

    /// <summary>Jobs and results that were read so far, failed results among them.</summary>
    public (int Jobs, int Results, int Failures) Counts { get; private set; }

    /// <summary>Stage of the round that was proposed last; null before the first.</summary>
    public string? Stage { get; private set; }

    /// <summary>Work proposed and recorded so far.</summary>
    public (double Proposed, double Done, long Samples) Work { get; private set; }

    /// <summary>Mixed plans proposed so far.</summary>
    public int MixedPlans { get; private set; }

    /// <summary>Whether any probe was proposed.</summary>
    internal bool HasProbes => _probes.Count > 0;

    /// <summary>Reads what is new in the store.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            while (true)
            {
                ImmutableArray<RecordedResult> results = await _store.ReadResultsAsync(_sweepId, _results, PageSize, cancellationToken);
                await ReadJobsAsync(cancellationToken); // after the results: each belongs to a job that is there by now
                if (results.IsEmpty)
                {
                    return;
                }

                lock (_gate)
                {
                    foreach (RecordedResult result in results)
                    {
                        Receive(result);
                    }
                }
            }
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>What earlier jobs of the same subject came to, in whatever sweep.</summary>
    internal Task<ImmutableArray<RecordedResult>> FindEarlierAsync(string subject, CancellationToken cancellationToken) => _store.FindResultsAsync(subject, cancellationToken);

    /// <summary>What is recorded of a cell; null where it is not made yet.</summary>
    internal CellResult? FindCell(Weight weight, Scheme scheme)
    {
        lock (_gate)
        {
            return _cells.GetValueOrDefault(JobKeys.OfCell(weight, scheme, _model.Target.Arithmetic));
        }
    }

    /// <summary>A plan over a range; null where it was not proposed.</summary>
    internal TrialEntry? FindTrial(string planId, SampleRange range)
    {
        lock (_gate)
        {
            return _trials.GetValueOrDefault((planId, range));
        }
    }

    /// <summary>Blobs of the uncompressed model's outputs over a range, in sample order.</summary>
    internal ImmutableArray<(int Start, int Count, string Outputs)> BaselineOutputs(SampleRange range)
    {
        lock (_gate)
        {
            return _trials.TryGetValue((Plan.Baseline.Id, range), out TrialEntry? entry) ? [.. entry.Outputs()] : [];
        }
    }

    /// <summary>Trials over the choice samples that were completed after the first <paramref name="seen"/>, in the order in which they were: another one in every run.</summary>
    public ImmutableArray<(Plan Plan, TrialResult Result)> CompletedAfter(int seen)
    {
        lock (_gate)
        {
            return [.. _completed.Skip(seen).Select(entry => (entry.Plan, entry.ToResult()))];
        }
    }

    /// <summary>What a search may look at.</summary>
    internal SearchState ToState()
    {
        lock (_gate)
        {
            Dictionary<(string, string), CellResult> cells = [];
            foreach (Layer layer in _model.Space.Layers)
            {
                foreach (Scheme scheme in WantedCells.SchemesOf(_model.Space, layer))
                {
                    if (_cells.TryGetValue(JobKeys.OfCell(layer.Weight, scheme, _model.Target.Arithmetic), out CellResult? cell))
                    {
                        cells[(layer.Name, scheme.Canonical)] = cell;
                    }
                }
            }

            Dictionary<(string, string), ProbeResult> probes = _probes.Values.SelectMany(entry => entry.ToResults()).ToDictionary(probe => (probe.Layer, probe.Scheme));
            return new SearchState(_model.Spec, _model.Space, cells, probes, Plans(), Trials(SampleRange.Choice));
        }
    }

    /// <summary>Finished trials over the confirmation samples, by plan id.</summary>
    internal IReadOnlyDictionary<string, TrialResult> Confirmations()
    {
        lock (_gate)
        {
            return Trials(SampleRange.Confirm);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _reading.Dispose();

    private ImmutableArray<Plan> Plans() => [.. _trials.Values
        .Where(entry => entry.Range == SampleRange.Choice && entry.Plan.Kind != PlanKind.Baseline)
        .Select(entry => entry.Plan)];

    private Dictionary<string, TrialResult> Trials(SampleRange range) => _trials.Values
        .Where(entry => entry.Range == range && entry.IsComplete)
        .Select(entry => entry.ToResult())
        .ToDictionary(trial => trial.PlanId, StringComparer.Ordinal);

    private async Task ReadJobsAsync(CancellationToken cancellationToken)
    {
        ImmutableArray<QueuedJob> jobs;
        do
        {
            jobs = await _store.ReadJobsAsync(_sweepId, _receivers.Count, PageSize, cancellationToken);
            lock (_gate)
            {
                foreach (QueuedJob job in jobs)
                {
                    (JobCost Cost, Action<JobResult> Receive) receiver = Receiver(job.Job);
                    _receivers.Add(receiver);
                    Work = Work with { Proposed = Work.Proposed + receiver.Cost.Units };
                }

                Counts = Counts with { Jobs = _receivers.Count };
            }
        }
        while (!jobs.IsEmpty);
    }

    private void Receive(RecordedResult result)
    {
        (JobCost cost, Action<JobResult> receive) = _receivers[(int)result.JobSequence];
        receive(result.Result);
        _results = result.Sequence;
        Counts = Counts with { Results = Counts.Results + 1, Failures = Counts.Failures + (result.Result.Failure is null ? 0 : 1) };
        Work = Work with { Done = Work.Done + cost.Units, Samples = Work.Samples + cost.Samples };
    }

    private (JobCost Cost, Action<JobResult> Receive) Receiver(Job job)
    {
        switch (job.Kind)
        {
            case JobKind.Layer:
                JobPayloads.Layer layer = EngineJson.Read(job.Payload, EngineJson.Default.LayerPayload);
                return (JobCost.Of(layer, _model), result => ReceiveCells(layer, result));
            case JobKind.Probe:
                JobPayloads.Probe probe = EngineJson.Read(job.Payload, EngineJson.Default.ProbePayload);
                ProbeEntry probes = _probes.TryGetValue(probe.Layer, out ProbeEntry? known) ? known : _probes[probe.Layer] = new ProbeEntry();
                int probePart = probes.AddPart(probe);
                return (JobCost.Of(probe), result => probes.Record(probePart, result));
            case JobKind.Trial:
                JobPayloads.Trial trial = EngineJson.Read(job.Payload, EngineJson.Default.TrialPayload);
                (string, SampleRange) key = (trial.Plan.Id, trial.Range);
                if (!_trials.TryGetValue(key, out TrialEntry? entry))
                {
                    entry = _trials[key] = new TrialEntry(trial.Plan, trial.Range);
                    MixedPlans += trial is { Plan.Kind: PlanKind.Mixed, Range: SampleRange.Choice } ? 1 : 0;
                }

                int part = entry.AddPart(trial);
                return (JobCost.Of(trial), result => ReceiveTrial(entry, part, result));
            default:
                return (JobCost.None, result => Stage = EngineJson.Read(result.Payload!, EngineJson.Default.CoordinateResult).Stage);
        }
    }

    private void ReceiveTrial(TrialEntry entry, int part, JobResult result)
    {
        entry.Record(part, result);
        if (entry.IsComplete && entry.Range == SampleRange.Choice)
        {
            _completed.Add(entry);
        }
    }

    private void ReceiveCells(JobPayloads.Layer payload, JobResult result)
    {
        Weight weight = _model.Weights[payload.Weight];
        ImmutableArray<CellResult> cells = result.Failure is null
            ? EngineJson.Read(result.Payload!, EngineJson.Default.LayerResult).Cells
            : [.. payload.Schemes.Select(scheme => new CellResult(
                JobKeys.OfCell(weight, scheme, _model.Target.Arithmetic), scheme, null, 0, 0, 0, 0, result.Failure))];
        foreach (CellResult cell in cells)
        {
            _cells[cell.Key] = cell;
        }
    }
}
