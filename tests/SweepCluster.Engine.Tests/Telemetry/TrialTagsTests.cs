using System.Text.Json;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Telemetry;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Trials;

namespace SweepCluster.Engine.Tests.Telemetry;

public sealed class TrialTagsTests
{
    [Theory]
    [InlineData(PlanKind.Baseline, SampleRange.Choice, "baseline", "choice")]
    [InlineData(PlanKind.Uniform, SampleRange.Confirm, "uniform", "confirm")]
    [InlineData(PlanKind.Mixed, SampleRange.Choice, "mixed", "choice")]
    [InlineData(PlanKind.Given, SampleRange.Confirm, "given", "confirm")]
    public void TryRead_AJobAsItIsStored_FindsBoth(PlanKind kind, SampleRange range, string plan, string tag)
    {
        // Names of a user's that look like the keys that are looked for.
        Plan given = Plan.Create(kind, """ "kind":"Given","range":"Choice" """, kind == PlanKind.Baseline ? [] : [KeyValuePair.Create("range\":\"Confirm", SchemeText.Parse("float16"))]);
        string payload = JsonSerializer.Serialize(new JobPayloads.Trial(given, range, 0, 512), EngineJson.Default.TrialPayload);

        Assert.True(TrialTags.TryRead(payload, out string foundPlan, out string foundRange));
        Assert.Equal((plan, tag), (foundPlan, foundRange));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"plan":{"kind":"Mixed"}}""")]
    [InlineData("""{"plan":{"kind":"Mixe"},"range":"Choice"}""")]
    [InlineData("""{"plan":{"kind":"Mixed"},"range":"Choic""")]
    [InlineData("""{"plan":{"kind":"Mixed"},"range":"Choice""")]
    public void TryRead_AnotherText_FindsNothing(string payload) => Assert.False(TrialTags.TryRead(payload, out _, out _));
}
