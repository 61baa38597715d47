using System.Text.Json;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Trials;

namespace SweepCluster.Orleans.Tests.Jobs;

/// <summary>Jobs with payloads as the engine writes them, of a sweep that no actor could open.</summary>
internal static class FakeJobs
{
    internal static JobOutcome Done { get; } = JobOutcome.Of(JobResult.Of("{}"));

    internal static Job Layer(string weight) => new(
        JobKind.Layer, $"layer {weight}", JsonSerializer.Serialize(new JobPayloads.Layer(weight, ["int8"]), EngineJson.Default.LayerPayload));

    internal static Job Probe(string layer) => new(
        JobKind.Probe, $"probe {layer}", JsonSerializer.Serialize(new JobPayloads.Probe(layer, ["int8"], 0, 1), EngineJson.Default.ProbePayload));

    internal static Job Trial(Plan plan) => new(
        JobKind.Trial, $"trial {plan.Id}", JsonSerializer.Serialize(new JobPayloads.Trial(plan, SampleRange.Choice, 0, 1), EngineJson.Default.TrialPayload));

    internal static Job Coordinator(int round) => new(
        JobKind.Coordinate, $"round {round}", JsonSerializer.Serialize(new JobPayloads.Coordinate(round), EngineJson.Default.CoordinatePayload));

    internal static Claim Claim(Job job) => new("a sweep", 3, job, 1, "a silo");

    internal static SweepRecord Sweep(string id) => new(id, id, "spec", "model", null, "1", "{}");
}
