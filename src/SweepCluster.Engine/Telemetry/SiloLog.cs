using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SweepCluster.Engine.Actors;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;
using SweepCluster.Graphs;

namespace SweepCluster.Engine.Telemetry;

/// <summary>What a silo logs, one line for each thing that matters.</summary>
internal sealed partial class SiloLog(ILogger logger)
{
    private static readonly TimeSpan s_slow = TimeSpan.FromSeconds(1); // a call of the store

    /// <summary>Logs nothing.</summary>
    internal static SiloLog None { get; } = new(NullLogger.Instance);

    /// <summary>Whether anything is logged.</summary>
    internal bool IsOn => logger.IsEnabled(LogLevel.Critical);

    /// <summary>The log of a silo.</summary>
    internal static SiloLog Of(ILoggerFactory logs) => ReferenceEquals(logs, NullLoggerFactory.Instance) ? None : new(logs.CreateLogger("SweepCluster.Engine.Silo"));

    /// <summary>Names the job in whatever is logged until what this gives is disposed of.</summary>
    internal IDisposable? Begin(Claim claim) => !IsOn ? null : logger.BeginScope(new KeyValuePair<string, object?>[]
    {
        new("SweepId", claim.SweepId), new("Job", claim.Sequence), new("JobKind", JobTags.NameOf(claim.Job.Kind)), new("About", JobSubjects.Of(claim.Job)), new("Attempt", claim.Attempts + 1),
    });

    /// <summary>A job's result is on record.</summary>
    internal void Finish(FinishedJob job)
    {
        if (!IsOn)
        {
            return;
        }

        Claim claim = job.Claim;
        if (job.Result.Failure is { } failure)
        {
            using IDisposable? scope = Begin(claim);
            if (job.Result.IsSetAside)
            {
                JobSetAside(claim.SweepId, claim.Sequence, claim.Job.Kind, failure);
            }
            else
            {
                JobFailed(claim.SweepId, claim.Sequence, claim.Job.Kind, failure);
            }
        }
        else if (claim.Job.Kind == JobKind.Coordinate && StageOf(job.Result) is { } stage)
        {
            RoundProposed(claim.SweepId, stage);
            if (stage == SweepActor.FinishedStage)
            {
                SweepFinished(claim.SweepId);
            }
        }
    }

    /// <summary>A call of the store has ended.</summary>
    internal void LookAtCall(string operation, long started)
    {
        TimeSpan elapsed = Stopwatch.GetElapsedTime(started);
        if (elapsed >= s_slow)
        {
            StoreSlow(operation, elapsed.TotalSeconds);
        }
    }

    /// <summary>An attempt ended without a result.</summary>
    internal void FailAttempt(Claim claim, string reason) => AttemptFailed(claim.SweepId, claim.Sequence, claim.Job.Kind, claim.Attempts + 1, reason);

    /// <summary>A claim was lost.</summary>
    internal void LoseLease(Claim claim) => LeaseLost(claim.SweepId, claim.Sequence, claim.Job.Kind);

    [LoggerMessage(EventId = 1001, Level = LogLevel.Information, Message = "Silo {Silo} works on the store {Place} with {Slots} slots")]
    internal partial void SiloStarted(string silo, string place, int slots);

    [LoggerMessage(EventId = 1002, Level = LogLevel.Information, Message = "Silo {Silo} has stopped")]
    internal partial void SiloStopped(string silo);

    [LoggerMessage(EventId = 1101, Level = LogLevel.Information, Message = "Sweep {SweepId} '{Name}' is open")]
    internal partial void SweepOpened(string sweepId, string name);

    [LoggerMessage(EventId = 1102, Level = LogLevel.Information, Message = "Sweep {SweepId} '{Name}' is closed")]
    internal partial void SweepClosed(string sweepId, string name);

    [LoggerMessage(EventId = 1103, Level = LogLevel.Warning, Message = "Sweep {SweepId} is left to others: {Reason}")]
    internal partial void SweepSetAside(string sweepId, string reason);

    [LoggerMessage(EventId = 1104, Level = LogLevel.Information, Message = "Sweep {SweepId}: its next round is {Stage}")]
    internal partial void RoundProposed(string sweepId, string stage);

    [LoggerMessage(EventId = 1105, Level = LogLevel.Information, Message = "Sweep {SweepId} is finished")]
    internal partial void SweepFinished(string sweepId);

    [LoggerMessage(EventId = 1201, Level = LogLevel.Warning, Message = "Sweep {SweepId}, {Kind} job {Job} failed: {Failure}")]
    private partial void JobFailed(string sweepId, long job, JobKind kind, string failure);

    [LoggerMessage(EventId = 1202, Level = LogLevel.Error, Message = "Sweep {SweepId}, {Kind} job {Job} is {Failure}")]
    private partial void JobSetAside(string sweepId, long job, JobKind kind, string failure);

    [LoggerMessage(EventId = 1203, Level = LogLevel.Warning, Message = "Sweep {SweepId}, {Kind} job {Job}, attempt {Attempt} ended without a result: {Reason}")]
    private partial void AttemptFailed(string sweepId, long job, JobKind kind, int attempt, string reason);

    [LoggerMessage(EventId = 1204, Level = LogLevel.Warning, Message = "Sweep {SweepId}, {Kind} job {Job}: its lease is lost")]
    private partial void LeaseLost(string sweepId, long job, JobKind kind);

    [LoggerMessage(EventId = 1301, Level = LogLevel.Warning, Message = "Blob {Hash} is lost or damaged: {Reason}")]
    internal partial void BlobUnavailable(string hash, string reason);

    [LoggerMessage(EventId = 1303, Level = LogLevel.Error, Message = "The gauges of sweeps could not be prepared: {Reason}")]
    internal partial void SweepsUntold(Exception error, string reason);

    [LoggerMessage(EventId = 1302, Level = LogLevel.Warning, Message = "The store took {Seconds:0.0} s for {Operation}")]
    private partial void StoreSlow(string operation, double seconds);

    private static string? StageOf(JobResult result)
    {
        try
        {
            return EngineJson.Read(result.Payload!, EngineJson.Default.CoordinateResult).Stage;
        }
        catch (BadInputException)
        {
            return null; // another version's
        }
    }
}
