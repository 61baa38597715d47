using SweepCluster.Engine.Blobs;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Records;
using SweepCluster.Engine.Runs;
using SweepCluster.Engine.Sessions;
using SweepCluster.Engine.Stores;
using SweepCluster.Sweeps.Plans;

namespace SweepCluster.Engine.Actors;

/// <summary>Runs claimed jobs of one sweep by plain calls to its actors.</summary>
internal sealed class LocalJobHost : IJobHost
{
    private readonly string _model;
    private readonly SweepActor _sweep;
    private readonly LayerActor _layers;
    private readonly ProbeActor _probes;
    private readonly EarlierResults _earlier;
    private readonly Func<Job, JobPayloads.Trial, CancellationToken, Task<JobResult>> _measure;

    /// <summary>Wires the actors of a sweep.</summary>
    /// <param name="session">The opened sweep.</param>
    /// <param name="records">The fold over its recorded results.</param>
    /// <param name="blobs">Where cells are.</param>
    /// <param name="compute">Threads for arithmetic.</param>
    /// <param name="temporaryFolder">Where models are written for a user's command.</param>
    internal LocalJobHost(SweepSession session, SweepRecords records, IBlobStore blobs, ComputeThreads compute, string temporaryFolder)
    {
        _model = session.Spec.Model;
        _sweep = new SweepActor(session, records);
        _earlier = new EarlierResults(records);
        _layers = new LayerActor(session.Model, blobs, compute);
        CellShelf cells = new(session.Model, records, blobs, _layers);
        ModelRunner runner = new(session);
        ReferenceOutputs references = new(session, records, blobs, runner, compute);
        _probes = new ProbeActor(session, cells, references, runner, compute, _earlier);
        _measure = session.Network is null
            ? new CommandTrialActor(session, cells, compute, temporaryFolder, _earlier).MeasureAsync
            : new TrialActor(session, cells, references, blobs, runner, compute, _earlier).MeasureAsync;
    }

    /// <summary>Jobs whose measurements were taken over and not yet counted.</summary>
    internal int Uncounted => _earlier.Count;

    /// <inheritdoc/>
    public async Task<JobOutcome> RunAsync(Claim claim, CancellationToken cancellationToken)
    {
        try
        {
            JobOutcome outcome = await RunNowAsync(claim, cancellationToken);
            return outcome with { TakenOver = _earlier.Collect(claim.Job) };
        }
        catch
        {
            _earlier.Collect(claim.Job); // nobody will ask
            throw;
        }
    }

    private async Task<JobOutcome> RunNowAsync(Claim claim, CancellationToken cancellationToken)
    {
        string payload = claim.Job.Payload;
        return claim.Job.Kind switch
        {
            JobKind.Coordinate => await _sweep.ProposeAsync(EngineJson.Read(payload, EngineJson.Default.CoordinatePayload), cancellationToken),
            JobKind.Layer => JobOutcome.Of(await _layers.MakeAsync(claim.Job, EngineJson.Read(payload, EngineJson.Default.LayerPayload), _earlier, cancellationToken)),
            JobKind.Probe => JobOutcome.Of(await _probes.MeasureAsync(claim.Job, EngineJson.Read(payload, EngineJson.Default.ProbePayload), cancellationToken)),
            JobKind.Trial => JobOutcome.Of(await MeasureAsync(claim.Job, EngineJson.Read(payload, EngineJson.Default.TrialPayload), cancellationToken)),
            _ => throw new InvalidOperationException($"No actor knows jobs of kind {claim.Job.Kind}."),
        };
    }

    /// <summary>Measures. A failure of the uncompressed model is never a result: once what caused it is mended (a command, a library, the data), the same sweep goes on.</summary>
    /// <exception cref="BaselineFailedException">It is the uncompressed model, and it could not be measured.</exception>
    private async Task<JobResult> MeasureAsync(Job job, JobPayloads.Trial payload, CancellationToken cancellationToken)
    {
        if (payload.Plan.Kind != PlanKind.Baseline)
        {
            return await _measure(job, payload, cancellationToken);
        }

        string failure;
        try
        {
            JobResult result = await _measure(job, payload, cancellationToken);
            if (result.Failure is null)
            {
                return result;
            }

            failure = result.Failure;
        }
        catch (Exception error) when (JobFailures.BelongsTo(JobKind.Trial, error))
        {
            failure = JobFailures.Describe(error);
        }

        throw new BaselineFailedException($"{_model}: the uncompressed model could not be measured: {failure}");
    }
}
