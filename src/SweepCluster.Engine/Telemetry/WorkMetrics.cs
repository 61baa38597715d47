using System.Diagnostics.Metrics;
using SweepCluster.Compression.Telemetry;
using SweepCluster.Engine.Jobs;
using SweepCluster.Graphs.Schemes;

namespace SweepCluster.Engine.Telemetry;

/// <summary>Counts what this process brought to the record, and what it failed at. Costs next to nothing as long as nobody listens.</summary>
internal static class WorkMetrics
{
    internal const string Measured = "measured", TakenOver = "taken_over", Failed = "failed";
    internal const string Error = "error", TimeLimit = "time_limit";
    private const string Recorded = "recorded", SetAside = "set_aside";

    private static readonly Counter<long> s_jobs = EngineTelemetry.Meter.CreateCounter<long>(
        "sweepcluster.jobs", "{job}", "Jobs whose result this process brought to the record.");

    private static readonly Histogram<double> s_jobDuration = EngineTelemetry.Meter.CreateHistogram(
        "sweepcluster.job.duration", "s", "Time a job ran.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14400, 43200] });

    private static readonly Counter<long> s_trials = EngineTelemetry.Meter.CreateCounter<long>("sweepcluster.trials", "{trial}", "Parts of trials.");
    private static readonly Counter<long> s_probes = EngineTelemetry.Meter.CreateCounter<long>("sweepcluster.probes", "{probe}", "Parts of probed cells.");
    private static readonly Counter<long> s_samples = EngineTelemetry.Meter.CreateCounter<long>("sweepcluster.samples", "{sample}", "Samples that went through the model.");
    private static readonly Counter<long> s_attemptsFailed = EngineTelemetry.Meter.CreateCounter<long>(
        "sweepcluster.attempts.failed", "{attempt}", "Attempts that ended without a result and will be tried again.");

    private static readonly Counter<long> s_leasesLost = EngineTelemetry.Meter.CreateCounter<long>(
        "sweepcluster.leases.lost", "{lease}", "Claims that another took, or whose sweep was cancelled, while the job ran.");

    /// <summary>A job's result is on record.</summary>
    internal static void Finish(FinishedJob job)
    {
        JobResult result = job.Result;
        if (s_jobs.Enabled)
        {
            s_jobs.Add(1, JobTags.Of(job.Claim.Job.Kind), new("outcome", result.Failure is null ? Recorded : result.IsSetAside ? SetAside : Failed));
        }

        if (s_jobDuration.Enabled && !result.IsSetAside)
        {
            s_jobDuration.Record(job.Elapsed.TotalSeconds, JobTags.Of(job.Claim.Job.Kind));
        }

        if (s_trials.Enabled && job.Claim.Job.Kind == JobKind.Trial && TrialTags.TryRead(job.Claim.Job.Payload, out string plan, out string range))
        {
            s_trials.Add(1, new("plan", plan), new("range", range), new("outcome", result.Failure is not null ? Failed : job.TakenOver > 0 ? TakenOver : Measured));
        }
    }

    /// <summary>A part of a probed cell came to something.</summary>
    /// <param name="scheme">Canonical scheme.</param>
    /// <param name="outcome"><see cref="Measured"/>, <see cref="TakenOver"/> or <see cref="Failed"/>.</param>
    internal static void Probe(string scheme, string outcome)
    {
        if (s_probes.Enabled)
        {
            s_probes.Add(1, new("family", SchemeFamily.Of(SchemeText.Parse(scheme))), new("outcome", outcome));
        }
    }

    /// <summary>Samples went through the model.</summary>
    internal static void Run(JobKind kind, long samples) => s_samples.Add(samples, JobTags.Of(kind));

    /// <summary>An attempt ended without a result.</summary>
    /// <param name="kind">What was tried.</param>
    /// <param name="reason"><see cref="Error"/> or <see cref="TimeLimit"/>.</param>
    internal static void FailAttempt(JobKind kind, string reason) => s_attemptsFailed.Add(1, JobTags.Of(kind), new("reason", reason));

    /// <summary>A claim was lost.</summary>
    internal static void LoseLease(JobKind kind) => s_leasesLost.Add(1, JobTags.Of(kind));

    /// <summary>Shows every count at 0 to who listens from now on.</summary>
    internal static void Prime()
    {
        foreach (JobKind kind in Enum.GetValues<JobKind>())
        {
            s_leasesLost.Add(0, JobTags.Of(kind));
            foreach (string outcome in (ReadOnlySpan<string>)[Recorded, Failed, SetAside])
            {
                s_jobs.Add(0, JobTags.Of(kind), new("outcome", outcome));
            }

            foreach (string reason in (ReadOnlySpan<string>)[Error, TimeLimit])
            {
                s_attemptsFailed.Add(0, JobTags.Of(kind), new("reason", reason));
            }
        }

        s_samples.Add(0, JobTags.Of(JobKind.Probe));
        s_samples.Add(0, JobTags.Of(JobKind.Trial));
        foreach (string outcome in (ReadOnlySpan<string>)[Measured, TakenOver, Failed])
        {
            foreach (string family in SchemeFamily.All)
            {
                s_probes.Add(0, new("family", family), new("outcome", outcome));
            }

            foreach ((string plan, string range) in TrialTags.All)
            {
                s_trials.Add(0, new("plan", plan), new("range", range), new("outcome", outcome));
            }
        }
    }
}
