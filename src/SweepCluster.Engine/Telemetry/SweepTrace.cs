using System.Diagnostics;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Telemetry;

/// <summary>Spans of sweeps: handed in, worked on by a process, its jobs. All of a sweep's belong to the trace of whoever handed it in.</summary>
internal static class SweepTrace
{
    internal const string SubmitSpan = "submit sweep", SweepSpan = "sweep", RunSpan = "run sweep";

    /// <summary>The span that runs, as W3C's <c>traceparent</c>; null where nobody records it.</summary>
    internal static string? Current => Activity.Current is { IdFormat: ActivityIdFormat.W3C, Recorded: true } span ? span.Id : null;

    /// <summary>A sweep is run to its end.</summary>
    internal static Activity? Begin(SweepRecord sweep) => Describe(EngineTelemetry.Source.StartActivity(RunSpan), sweep, null);

    /// <summary>A sweep is handed in.</summary>
    internal static Activity? Submit(SweepRecord sweep) => Describe(EngineTelemetry.Source.StartActivity(SubmitSpan, ActivityKind.Producer), sweep, null);

    /// <summary>A process works on a sweep, until what this gives is disposed of.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="silo">The process.</param>
    /// <param name="parent">The span in which it was handed in, as <c>traceparent</c>; null: the one that runs here, or none.</param>
    internal static Activity? Work(SweepRecord sweep, string silo, string? parent)
    {
        ActivityContext.TryParse(parent, null, isRemote: true, out ActivityContext context);
        return Describe(EngineTelemetry.Source.StartActivity(SweepSpan, ActivityKind.Consumer, context), sweep, silo);
    }

    /// <summary>A job runs.</summary>
    internal static Activity? Run(Claim claim, ActivityContext sweep) => EngineTelemetry.Source
        .StartActivity(JobTags.NameOf(claim.Job.Kind), ActivityKind.Internal, sweep)
        ?.SetTag("sweep.id", claim.SweepId)
        .SetTag("job.kind", JobTags.NameOf(claim.Job.Kind))
        .SetTag("job.sequence", claim.Sequence)
        .SetTag("job.about", JobSubjects.Of(claim.Job))
        .SetTag("job.attempt", claim.Attempts + 1)
        .SetTag("silo", claim.Silo);

    private static Activity? Describe(Activity? span, SweepRecord sweep, string? silo) => span?.SetTag("sweep.id", sweep.Id).SetTag("sweep.name", sweep.Name).SetTag("silo", silo);
}
