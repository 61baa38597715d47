using System.Collections.Immutable;
using SweepCluster.Engine.Indexes;
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
    private readonly PagedList<JobTarget> _targets = new(); // one a job, by sequence
    private readonly List<JobPayloads.Layer> _layers = [];
    private readonly Dictionary<string, CellResult> _cells = new(StringComparer.Ordinal);
    private readonly TrialLog _choice = new();
    private readonly TrialLog _confirm = new();
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
            TrialLog log = LogOf(range);
            return log.Find(planId) is { } place ? log[place] : null;
        }
    }

    /// <summary>Blobs of the uncompressed model's outputs over a range, in sample order.</summary>
    internal ImmutableArray<(int Start, int Count, string Outputs)> BaselineOutputs(SampleRange range)
    {
        lock (_gate)
        {
            TrialLog log = LogOf(range);
            return log.Find(Plan.Baseline.Id) is { } place ? [.. log[place].Outputs()] : [];
        }
    }

    /// <summary>Trials over the choice samples that were completed after the first <paramref name="seen"/>, in the order in which they were: another one in every run.</summary>
    public ImmutableArray<(Plan Plan, TrialResult Result)> CompletedAfter(int seen)
    {
        lock (_gate)
        {
            return [.. _completed.GetRange(seen, _completed.Count - seen).Select(entry => (entry.Plan, entry.ToResult()))];
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
            return new SearchState(_model.Spec, _model.Space, cells, probes, Plans(), _choice.Snapshot());
        }
    }

    /// <summary>Finished trials over the confirmation samples, by plan id.</summary>
    public IReadOnlyDictionary<string, TrialResult> Confirmations()
    {
        lock (_gate)
        {
            return _confirm.Snapshot();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _reading.Dispose();

    private TrialLog LogOf(SampleRange range) => range == SampleRange.Choice ? _choice : _confirm;

    private ImmutableArray<Plan> Plans()
    {
        ImmutableArray<Plan>.Builder plans = ImmutableArray.CreateBuilder<Plan>(_choice.Count);
        for (int place = 0; place < _choice.Count; place++)
        {
            if (_choice[place].Plan is { Kind: not PlanKind.Baseline } plan)
            {
                plans.Add(plan);
            }
        }

        return plans.DrainToImmutable();
    }

    private async Task ReadJobsAsync(CancellationToken cancellationToken)
    {
        ImmutableArray<QueuedJob> jobs;
        do
        {
            jobs = await _store.ReadJobsAsync(_sweepId, _targets.Count, PageSize, cancellationToken);
            lock (_gate)
            {
                foreach (QueuedJob job in jobs)
                {
                    JobTarget target = Enter(job.Job);
                    _targets.Add(target);
                    Work = Work with { Proposed = Work.Proposed + CostOf(target).Units };
                }

                Counts = Counts with { Jobs = _targets.Count };
            }
        }
        while (!jobs.IsEmpty);
    }

    private void Receive(RecordedResult result)
    {
        JobTarget target = _targets[(int)result.JobSequence];
        JobCost cost = CostOf(target);
        Receive(target, result.Result);
        _results = result.Sequence;
        Counts = Counts with { Results = Counts.Results + 1, Failures = Counts.Failures + (result.Result.Failure is null ? 0 : 1) };
        Work = Work with { Done = Work.Done + cost.Units, Samples = Work.Samples + cost.Samples };
    }

    private JobTarget Enter(Job job)
    {
        switch (job.Kind)
        {
            case JobKind.Layer:
                _layers.Add(EngineJson.Read(job.Payload, EngineJson.Default.LayerPayload));
                return new JobTarget(job.Kind, false, _layers.Count - 1, 0);
            case JobKind.Probe:
                JobPayloads.Probe probe = EngineJson.Read(job.Payload, EngineJson.Default.ProbePayload);
                if (!_probes.TryGetValue(probe.Layer, out ProbeEntry? probes))
                {
                    _probes.Add(probe.Layer, probes = new ProbeEntry());
                }

                return new JobTarget(job.Kind, false, _probes.IndexOf(probe.Layer), probes.AddPart(probe));
            case JobKind.Trial:
                JobPayloads.Trial trial = EngineJson.Read(job.Payload, EngineJson.Default.TrialPayload);
                TrialLog log = LogOf(trial.Range);
                int place = log.Find(trial.Plan.Id) ?? log.Count;
                if (place == log.Count)
                {
                    log.Add(new TrialEntry(trial.Plan, trial.Range));
                    MixedPlans += trial is { Plan.Kind: PlanKind.Mixed, Range: SampleRange.Choice } ? 1 : 0;
                }

                return new JobTarget(job.Kind, trial.Range == SampleRange.Confirm, place, log[place].AddPart(trial));
            default:
                return new JobTarget(job.Kind, false, 0, 0);
        }
    }

    /// <summary>The cost of a job that is not recorded yet.</summary>
    private JobCost CostOf(JobTarget target) => target.Kind switch
    {
        JobKind.Layer => JobCost.Of(_layers[target.Entry], _model),
        JobKind.Probe => _probes.GetAt(target.Entry).Value.CostOf(target.Part),
        JobKind.Trial => EntryOf(target).CostOf(target.Part),
        _ => JobCost.None,
    };

    private void Receive(JobTarget target, JobResult result)
    {
        switch (target.Kind)
        {
            case JobKind.Layer:
                ReceiveCells(_layers[target.Entry], result);
                break;
            case JobKind.Probe:
                _probes.GetAt(target.Entry).Value.Record(target.Part, result);
                break;
            case JobKind.Trial:
                TrialEntry entry = EntryOf(target);
                entry.Record(target.Part, result);
                if (entry.IsComplete && !target.IsConfirmation)
                {
                    _completed.Add(entry);
                }

                break;
            default:
                Stage = result.Payload is { } payload ? EngineJson.Read(payload, EngineJson.Default.CoordinateResult).Stage : Stage;
                break;
        }
    }

    private TrialEntry EntryOf(JobTarget target) => (target.IsConfirmation ? _confirm : _choice)[target.Entry];

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
