using SweepCluster.Engine.Actors;
using SweepCluster.Engine.Records;
using SweepCluster.Engine.Sessions;

namespace SweepCluster.Engine.Runs;

/// <summary>Turns what is recorded into progress: share, rate, time left, best point.</summary>
internal sealed class ProgressMeter
{
    internal const int UsualFrontier = 12; // plans to confirm, before they are known; the forecast assumes the same

    private readonly SweepSession _session;
    private readonly SweepRecords _records;
    private readonly FrontierActor _frontier;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly double _doneBefore;
    private readonly long _samplesBefore;

    /// <summary>Starts to measure; <paramref name="records"/> hold what earlier runs recorded.</summary>
    internal ProgressMeter(SweepSession session, SweepRecords records, TimeProvider time)
    {
        _session = session;
        _records = records;
        _frontier = new FrontierActor(session.Spec.Objective, records);
        _time = time;
        _start = time.GetTimestamp();
        (_, _doneBefore, _samplesBefore) = records.Work;
    }

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
        _frontier.Fold();
        (double proposed, double done, long samples) = _records.Work;
        double total = proposed + (isFinished ? 0 : Ahead());
        TimeSpan elapsed = Elapsed;
        double doneHere = done - _doneBefore;
        TimeSpan? left = isFinished ? TimeSpan.Zero : doneHere > 0 ? elapsed * ((total - done) / doneHere) : null;
        (int jobs, int results, int failures) = _records.Counts;
        return new SweepProgress(
            isFinished ? SweepStage.Finished : StageOf(_records.Stage), results, jobs, isFinished ? 1 : total > 0 ? done / total : 0,
            elapsed > TimeSpan.Zero ? (samples - _samplesBefore) / elapsed.TotalSeconds : 0, left, _frontier.Best, failures);
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
        double trial = _session.Network is null ? JobCost.CommandUnits : _session.Spec.Samples.Choice;
        double ahead = 0;
        if (stage is SweepStage.Opening or SweepStage.Cells)
        {
            ahead += _session.Model.Space.UniformPlans.Length * trial;
            ahead += _session.Spec.Search.Probes && _session.Network is not null ? ProbeUnits(_session) : 0;
        }

        if (stage < SweepStage.Confirming)
        {
            ahead += Math.Max(0, _session.Spec.Search.GreedyPlans - _records.MixedPlans) * trial;
            ahead += _session.Network is null ? 0 : UsualFrontier * (double)_session.Spec.Samples.Confirm;
        }

        return ahead;
    }

    /// <summary>Expected work of all probes.</summary>
    internal static double ProbeUnits(SweepSession session) =>
        session.Model.Space.Layers.Sum(layer => JobCost.OfProbe(layer.Schemes.Length, session.Spec.Samples.Probe).Units);
}
