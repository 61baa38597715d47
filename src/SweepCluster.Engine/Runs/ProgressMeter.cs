using SweepCluster.Engine.Actors;
using SweepCluster.Engine.Records;
using SweepCluster.Engine.Sessions;
using SweepCluster.Sweeps.Specs;

namespace SweepCluster.Engine.Runs;

/// <summary>Turns what is recorded into progress: share, rate, time left, best point.</summary>
internal sealed class ProgressMeter
{
    internal const int UsualFrontier = 12; // plans to confirm, before they are known; the forecast assumes the same

    private readonly SweepSpec _spec;
    private readonly Func<(int UniformPlans, double ProbeUnits)> _space;
    private readonly IProgressRecords _records;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly double _doneBefore;
    private readonly long _samplesBefore;

    /// <summary>Starts to measure; <paramref name="records"/> hold what earlier runs recorded.</summary>
    internal ProgressMeter(SweepSession session, SweepRecords records, TimeProvider time)
        : this(session.Spec, () => (session.Model.Space.UniformPlans.Length, ProbeUnits(session)), records, time)
    {
    }

    /// <summary>Starts to measure.</summary>
    /// <param name="spec">The request.</param>
    /// <param name="space">Uniform plans and the probes' work, as far as they are known.</param>
    /// <param name="records">What earlier runs recorded, and what comes.</param>
    /// <param name="time">The clock.</param>
    internal ProgressMeter(SweepSpec spec, Func<(int UniformPlans, double ProbeUnits)> space, IProgressRecords records, TimeProvider time)
    {
        _spec = spec;
        _space = space;
        _records = records;
        Frontier = new FrontierActor(spec.Objective, records);
        _time = time;
        _start = time.GetTimestamp();
        (_, _doneBefore, _samplesBefore) = records.Work;
    }

    /// <summary>The frontier as of the last measurement.</summary>
    internal FrontierActor Frontier { get; }

    /// <summary>Time since the start.</summary>
    internal TimeSpan Elapsed => _time.GetElapsedTime(_start);

    /// <summary>Reports until it is stopped.</summary>
    internal async Task ReportAsync(IProgress<SweepProgress> progress, TimeSpan period, CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(period, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                await _records.CatchUpAsync(cancellationToken);
                progress.Report(Measure(isFinished: false));
            }
        }
        catch (OperationCanceledException)
        {
            // The run ends and makes its own last report.
        }
    }

    /// <summary>How far it is.</summary>
    internal SweepProgress Measure(bool isFinished)
    {
        Frontier.Fold();
        (double proposed, double done, long samples) = _records.Work;
        double total = proposed + (isFinished ? 0 : Ahead());
        TimeSpan elapsed = Elapsed;
        double doneHere = done - _doneBefore;
        TimeSpan? left = isFinished ? TimeSpan.Zero : doneHere > 0 ? elapsed * ((total - done) / doneHere) : null;
        (int jobs, int results, int failures) = _records.Counts;
        return new SweepProgress(
            isFinished ? SweepStage.Finished : StageOf(_records.Stage), results, jobs, isFinished ? 1 : total > 0 ? done / total : 0,
            elapsed > TimeSpan.Zero ? (samples - _samplesBefore) / elapsed.TotalSeconds : 0, left, Frontier.Best, failures)
        {
            Metric = _spec.Objective.Metric,
            MaxDrop = _spec.Objective.MaxDrop,
            Trials = Frontier.Trials,
            Frontier = Frontier.Frontier,
            Chosen = isFinished ? Frontier.Choose() : null,
        };
    }

    private static SweepStage StageOf(string? stage) => stage switch
    {
        SweepActor.CellsStage => SweepStage.Cells,
        SweepActor.UniformStage => SweepStage.Uniform,
        SweepActor.MixedStage => SweepStage.Mixed,
        SweepActor.ConfirmStage => SweepStage.Confirming,
        SweepActor.FinishedStage => SweepStage.Finished,
        _ => SweepStage.Opening,
    };

    /// <summary>Expected work of rounds that are not proposed yet.</summary>
    private double Ahead()
    {
        SweepStage stage = StageOf(_records.Stage);
        bool samples = _spec.Objective.Command.IsEmpty;
        double trial = samples ? _spec.Samples.Choice : JobCost.CommandUnits;
        double ahead = 0;
        if (stage is SweepStage.Opening or SweepStage.Cells)
        {
            (int uniformPlans, double probeUnits) = _space();
            ahead += uniformPlans * trial;
            ahead += _spec.Search.Probes && samples ? probeUnits : 0;
        }

        if (stage < SweepStage.Confirming)
        {
            ahead += Math.Max(0, _spec.Search.GreedyPlans - _records.MixedPlans) * trial;
            ahead += samples ? UsualFrontier * (double)_spec.Samples.Confirm : 0;
        }

        return ahead;
    }

    /// <summary>Expected work of all probes.</summary>
    internal static double ProbeUnits(SweepSession session) =>
        session.Model.Space.Layers.Sum(layer => JobCost.OfProbe(layer.Schemes.Length, session.Spec.Samples.Probe).Units);
}
