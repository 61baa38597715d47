using System.Globalization;
using System.Text.Json;
using SweepCluster.Engine.Actors;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Sessions;
using SweepCluster.Engine.Stores;
using SweepCluster.Graphs.Weights;
using SweepCluster.Sweeps.Cells;
using SweepCluster.Sweeps.Evaluation;

namespace SweepCluster.Benchmarks.Million;

/// <summary>Runs the real coordinator, and in place of every computation makes a result up from the job's key: the same job, the same result.</summary>
internal sealed class MadeUpHost(SweepSession session, SweepActor sweep) : IJobHost
{
    /// <inheritdoc/>
    public async Task<JobOutcome> RunAsync(Claim claim, CancellationToken cancellationToken)
    {
        Job job = claim.Job;
        return job.Kind switch
        {
            JobKind.Coordinate => await sweep.ProposeAsync(EngineJson.Read(job.Payload, EngineJson.Default.CoordinatePayload), cancellationToken),
            JobKind.Layer => JobOutcome.Of(JobResult.Of(JsonSerializer.Serialize(Cells(EngineJson.Read(job.Payload, EngineJson.Default.LayerPayload)), EngineJson.Default.LayerResult))),
            JobKind.Probe => JobOutcome.Of(JobResult.Of(JsonSerializer.Serialize(Probed(job), EngineJson.Default.ProbeResult))),
            _ => JobOutcome.Of(JobResult.Of(JsonSerializer.Serialize(Measured(job), EngineJson.Default.TrialResult))),
        };
    }

    private JobResults.Layer Cells(JobPayloads.Layer payload)
    {
        Weight weight = session.Model.Weights[payload.Weight];
        return new([.. payload.Schemes.Select(scheme =>
        {
            string key = JobKeys.OfCell(weight, scheme, session.Model.Target.Arithmetic);
            return new CellResult(key, scheme, key, weight.Stored.PayloadBytes / 4, Uniform(key, 0), 100, Uniform(key, 16), null);
        })]);
    }

    private static JobResults.Probe Probed(Job job)
    {
        JobPayloads.Probe payload = EngineJson.Read(job.Payload, EngineJson.Default.ProbePayload);
        return new([.. payload.Schemes.Select((scheme, index) => new JobResults.ProbedCell(Tally(payload.Count, 0.1 * index / payload.Schemes.Length, Uniform(job.Key, 0)), null))]);
    }

    /// <summary>Smaller plans lose more, and each a little more or less than its size says.</summary>
    private JobResults.Trial Measured(Job job)
    {
        JobPayloads.Trial payload = EngineJson.Read(job.Payload, EngineJson.Default.TrialPayload);
        double saved = payload.Plan.Schemes.Count == 0 ? 0 : 0.95 * Uniform(payload.Plan.Id, 0);
        double loss = saved * saved * saved * (0.5 + Uniform(job.Key, 0));
        return new((long)(session.Model.BaselineBytes * (1 - saved)), job.Key, Tally(payload.Count, loss, Uniform(job.Key, 16)), null, null);
    }

    private static OutcomeTally Tally(int samples, double loss, double noise)
    {
        long lost = Math.Min((long)(samples * loss / 2), samples / 2), won = (long)(samples * loss * noise / 8), right = (samples * 9 / 10) - lost;
        return new()
        {
            Samples = samples,
            Agreeing = samples - lost - won,
            Top1 = new PairedCounts(right, lost, won, samples - right - lost - won),
            Top5 = new PairedCounts(samples - (lost / 4), lost / 4, 0, 0),
            Kl = new ValueSums(samples * loss, samples * loss * loss * 2),
            Loss = new ValueSums(samples * (0.3 + loss), samples * (0.3 + loss) * (0.4 + loss)),
            LossRise = new ValueSums(samples * loss, samples * loss * loss * 2),
        };
    }

    /// <summary>A number from 0 to 1 out of 16 hexadecimal digits of a hash.</summary>
    private static double Uniform(string hash, int at) => ulong.Parse(hash.AsSpan(at, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) / (double)ulong.MaxValue;
}
