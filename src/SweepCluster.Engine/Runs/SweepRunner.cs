using SweepCluster.Sweeps.Specs;

namespace SweepCluster.Engine.Runs;

/// <summary>Runs a sweep in this process, on a journal in the result folder.</summary>
public static class SweepRunner
{
    /// <summary>Runs a sweep to its end, or goes on with one.</summary>
    /// <param name="spec">The request.</param>
    /// <param name="options">Where, and on how many slots.</param>
    /// <param name="progress">Told of progress now and then; null: nobody is.</param>
    /// <param name="cancellationToken">Stops the sweep cleanly: what runs is given back, what is recorded stays, and the same call with <see cref="RunOptions.Resume"/> goes on.</param>
    /// <returns>The finished sweep, with its summary. Writing reports is the caller's.</returns>
    /// <exception cref="Graphs.BadInputException">Model, data or spec cannot be used, the folder holds another sweep or anything else, or the sweep cannot fit in memory. Nothing was written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static Task<SweepResult> RunAsync(
        SweepSpec spec, RunOptions options, IProgress<SweepProgress>? progress, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Says what a sweep will be, from a small measurement on this machine; writes nothing.</summary>
    /// <param name="spec">The request.</param>
    /// <param name="slots">Jobs that would run at the same time.</param>
    /// <param name="memoryBytes">Memory that the sweep may take.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops the measurement.</param>
    /// <exception cref="Graphs.BadInputException">Model, data or spec cannot be used, or the sweep cannot fit in memory.</exception>
    public static Task<SweepForecast> ForecastAsync(
        SweepSpec spec, int slots, long memoryBytes, TimeProvider time, CancellationToken cancellationToken) =>
        throw new NotImplementedException();
}
