using System.Collections.Immutable;
using System.Text.Json;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Records;
using SweepCluster.Engine.Sessions;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;
using SweepCluster.Sweeps.Frontiers;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Search;
using SweepCluster.Sweeps.Trials;

namespace SweepCluster.Engine.Actors;

/// <summary>
/// The coordinator: proposes the next round from what is recorded, and from nothing else, so that whoever asks, whenever, gets the same round.
/// First the cells and the uncompressed model on both ranges; then uniform and given plans with the probes; then the search's rounds; last the frontier on unseen samples.
/// </summary>
/// <param name="session">The opened sweep.</param>
/// <param name="records">What is recorded of it.</param>
/// <param name="search">Proposes plans; null: the search that the spec asks for.</param>
internal sealed class SweepActor(SweepSession session, SweepRecords records, ISearch? search = null)
{
    /// <summary>Stages of rounds, as results name them.</summary>
    internal const string CellsStage = "cells", UniformStage = "uniform", MixedStage = "mixed", ConfirmStage = "confirm", FinishedStage = "finished";

    private readonly ISearch _search = search ?? SearchStrategy.For(session.Spec);

    /// <summary>The first job of every sweep.</summary>
    internal static Job FirstJob => Coordinator(0);

    /// <summary>Proposes the round that follows what is recorded.</summary>
    internal async Task<JobOutcome> ProposeAsync(JobPayloads.Coordinate payload, CancellationToken cancellationToken)
    {
        await records.CatchUpAsync(cancellationToken);
        (string stage, ImmutableArray<Job> jobs) = Propose();
        if (stage != FinishedStage)
        {
            jobs = jobs.Add(Coordinator(payload.Round + 1));
        }

        JobResults.Coordinate result = new(stage, jobs.Length, JobKeys.Hash(string.Join('\n', jobs.Select(job => job.Key))));
        return new JobOutcome(JobResult.Of(JsonSerializer.Serialize(result, EngineJson.Default.CoordinateResult)), jobs);
    }

    private static Job Coordinator(int round) => new(
        JobKind.Coordinate, JobKeys.OfRound(round), JsonSerializer.Serialize(new JobPayloads.Coordinate(round), EngineJson.Default.CoordinatePayload));

    private (string Stage, ImmutableArray<Job> Jobs) Propose()
    {
        if (records.FindTrial(Plan.Baseline.Id, SampleRange.Choice) is null)
        {
            return (CellsStage, [.. Baseline(), .. Cells()]);
        }

        SearchState state = records.ToState();
        bool probes = session.Spec.Search.Probes && session.Network is not null && !records.HasProbes;
        ImmutableArray<Job> probing = probes ? [.. Probes()] : [];
        Plan[] plans = [.. _search.Propose(state)
            .Where(plan => probing.IsEmpty || plan.Kind != PlanKind.Mixed) // a mix is chosen by what the probes say, so not before they have
            .Where(plan => records.FindTrial(plan.Id, SampleRange.Choice) is null)
            .DistinctBy(plan => plan.Id)];
        if (probing.Length + plans.Length > 0)
        {
            string stage = Array.Exists(plans, plan => plan.Kind == PlanKind.Mixed) ? MixedStage : UniformStage;
            return (stage, [.. plans.SelectMany(plan => Trials(plan, SampleRange.Choice)), .. probing]);
        }

        ImmutableArray<Plan> frontier = records.Confirmations().Keys.Any(id => id != Plan.Baseline.Id) ? [] : Confirmation.Select(state);
        return frontier.IsEmpty
            ? (FinishedStage, [])
            : (ConfirmStage, [.. frontier.SelectMany(plan => Trials(plan, SampleRange.Confirm))]);
    }

    private IEnumerable<Job> Baseline() => session.Network is not null && session.Spec.Samples.Confirm > 0
        ? Trials(Plan.Baseline, SampleRange.Choice).Concat(Trials(Plan.Baseline, SampleRange.Confirm))
        : Trials(Plan.Baseline, SampleRange.Choice);

    /// <summary>One job for each distinct weight, large ones first so that the last jobs of the round are short.</summary>
    private IEnumerable<Job> Cells() => WantedCells.Of(session.Model.Space)
        .OrderByDescending(entry => entry.Weight.Shape.ElementCount)
        .Select(entry => new Job(
            JobKind.Layer,
            JobKeys.OfLayer(entry.Schemes.Select(scheme => CellKey(entry.Weight, scheme))),
            JsonSerializer.Serialize(new JobPayloads.Layer(entry.Weight.Name, [.. entry.Schemes.Select(scheme => scheme.Canonical)]), EngineJson.Default.LayerPayload))
        {
            Subject = JobKeys.OfLayerSubject(entry.Weight, session.Model.Target.Arithmetic),
        });

    private IEnumerable<Job> Probes() =>
        from layer in session.Model.Space.Layers
        let schemes = layer.Schemes.Where(scheme => records.FindCell(layer.Weight, scheme) is { Failure: null }).ToArray()
        where schemes.Length > 0
        let cellKeys = schemes.Select(scheme => CellKey(layer.Weight, scheme)).ToArray()
        from part in session.ProbeParts
        let subject = JobKeys.OfProbeSubject(session.Context, layer.Name, part.Hash)
        select new Job(
            JobKind.Probe,
            JobKeys.OfProbe(subject, cellKeys),
            JsonSerializer.Serialize(
                new JobPayloads.Probe(layer.Name, [.. schemes.Select(scheme => scheme.Canonical)], part.Start, part.Count), EngineJson.Default.ProbePayload))
        {
            Subject = subject,
        };

    private IEnumerable<Job> Trials(Plan plan, SampleRange range) => session.TrialParts(range).Select(part => new Job(
        JobKind.Trial,
        JobKeys.OfTrial(session.Context, plan, part.Start, part.Hash),
        JsonSerializer.Serialize(new JobPayloads.Trial(plan, range, part.Start, part.Count), EngineJson.Default.TrialPayload)));

    private string CellKey(Weight weight, Scheme scheme) => JobKeys.OfCell(weight, scheme, session.Model.Target.Arithmetic);
}
