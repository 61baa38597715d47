using System.Diagnostics;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Telemetry;

/// <summary>Runs jobs of one sweep, each in a span of its own where somebody records it.</summary>
/// <param name="inner">Runs them.</param>
/// <param name="sweep">The sweep's span; null: none.</param>
internal sealed class TracedJobHost(IJobHost inner, Activity? sweep) : IJobHost
{
    private readonly ActivityContext _sweep = sweep?.Context ?? default;

    /// <inheritdoc/>
    public Task<JobOutcome> RunAsync(Claim claim, CancellationToken cancellationToken) =>
        EngineTelemetry.Source.HasListeners() ? RunInSpanAsync(claim, cancellationToken) : inner.RunAsync(claim, cancellationToken);

    private async Task<JobOutcome> RunInSpanAsync(Claim claim, CancellationToken cancellationToken)
    {
        using Activity? span = SweepTrace.Run(claim, _sweep);
        try
        {
            JobOutcome outcome = await inner.RunAsync(claim, cancellationToken);
            if (outcome.Result.Failure is { } failure)
            {
                span?.SetStatus(ActivityStatusCode.Error, failure);
            }

            return outcome;
        }
        catch (Exception error)
        {
            span?.SetStatus(ActivityStatusCode.Error, JobFailures.Describe(error));
            throw;
        }
    }
}
