using System.Collections.Immutable;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Trials;

namespace SweepCluster.Engine.Records;

/// <summary>What a store has recorded of one sweep, as far as somebody who has neither model nor data can follow it. For progress alone; one caller at a time.</summary>
internal sealed class WatchedRecords(ISweepStore store, string sweepId) : IProgressRecords
{
    private const int PageSize = 1000;

    private readonly List<(JobKind Kind, JobCost Cost, TrialEntry? Trial, int Part)> _jobs = [];
    private readonly Dictionary<(string PlanId, SampleRange Range), TrialEntry> _open = []; // until they are complete
    private readonly Dictionary<string, TrialResult> _confirmations = new(StringComparer.Ordinal);
    private readonly Queue<(Plan Plan, TrialResult Result)> _completed = new();
    private readonly HashSet<string> _mixed = new(StringComparer.Ordinal);
    private int _passed; // completed trials that were asked for
    private long _results;

    /// <inheritdoc/>
    public (int Jobs, int Results, int Failures) Counts { get; private set; }

    /// <inheritdoc/>
    public string? Stage { get; private set; }

    /// <inheritdoc/>
    public (double Proposed, double Done, long Samples) Work { get; private set; }

    /// <inheritdoc/>
    public int MixedPlans => _mixed.Count;

    /// <summary>How many schemes each weight was asked to be made under, in the order of the jobs.</summary>
    internal List<int> SchemesByWeight { get; } = [];

    /// <inheritdoc/>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            ImmutableArray<RecordedResult> results = await store.ReadResultsAsync(sweepId, _results, PageSize, cancellationToken);
            await ReadJobsAsync(cancellationToken); // after the results: each belongs to a job that is there by now
            if (results.IsEmpty)
            {
                return;
            }

            foreach (RecordedResult result in results)
            {
                Receive(result);
            }
        }
    }

    /// <inheritdoc/>
    public ImmutableArray<(Plan Plan, TrialResult Result)> CompletedAfter(int seen)
    {
        for (; _passed < seen; _passed++)
        {
            _completed.Dequeue();
        }

        return [.. _completed];
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TrialResult> Confirmations() => _confirmations;

    private async Task ReadJobsAsync(CancellationToken cancellationToken)
    {
        while (await store.ReadJobsAsync(sweepId, _jobs.Count, PageSize, cancellationToken) is { IsEmpty: false } page)
        {
            foreach (QueuedJob entry in page)
            {
                (JobCost cost, TrialEntry? trial, int part) = Enter(entry.Job);
                _jobs.Add((entry.Job.Kind, cost, trial, part));
                Work = Work with { Proposed = Work.Proposed + cost.Units };
            }

            Counts = Counts with { Jobs = _jobs.Count };
        }
    }

    private (JobCost Cost, TrialEntry? Trial, int Part) Enter(Job job)
    {
        switch (job.Kind)
        {
            case JobKind.Layer:
                JobPayloads.Layer layer = EngineJson.Read(job.Payload, EngineJson.Default.LayerPayload);
                SchemesByWeight.Add(layer.Schemes.Length);
                return (JobCost.OfUnknownLayer(layer.Schemes.Length), null, 0);
            case JobKind.Probe:
                return (JobCost.Of(EngineJson.Read(job.Payload, EngineJson.Default.ProbePayload)), null, 0);
            case JobKind.Trial:
                JobPayloads.Trial trial = EngineJson.Read(job.Payload, EngineJson.Default.TrialPayload);
                (string, SampleRange) key = (trial.Plan.Id, trial.Range);
                if (!_open.TryGetValue(key, out TrialEntry? entry))
                {
                    _open.Add(key, entry = new TrialEntry(trial.Plan, trial.Range));
                }

                if (trial.Plan.Kind == PlanKind.Mixed)
                {
                    _mixed.Add(trial.Plan.Id);
                }

                return (JobCost.Of(trial), entry, entry.AddPart(trial));
            default:
                return (JobCost.None, null, 0);
        }
    }

    private void Receive(RecordedResult result)
    {
        (JobKind kind, JobCost cost, TrialEntry? trial, int part) = _jobs[(int)result.JobSequence];
        _jobs[(int)result.JobSequence] = (kind, cost, null, 0);
        _results = result.Sequence;
        Counts = Counts with { Results = Counts.Results + 1, Failures = Counts.Failures + (result.Result.Failure is null ? 0 : 1) };
        Work = Work with { Done = Work.Done + cost.Units, Samples = Work.Samples + cost.Samples };
        if (kind == JobKind.Coordinate && result.Result.Payload is { } payload)
        {
            Stage = EngineJson.Read(payload, EngineJson.Default.CoordinateResult).Stage;
        }

        trial?.Record(part, result.Result);
        if (trial is { IsComplete: true })
        {
            _open.Remove((trial.Plan.Id, trial.Range));
            if (trial.Range == SampleRange.Choice)
            {
                _completed.Enqueue((trial.Plan, trial.ToResult()));
            }
            else
            {
                _confirmations[trial.Plan.Id] = trial.ToResult();
            }
        }
    }
}
