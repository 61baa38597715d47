using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using SweepCluster.Engine.Runs;
using SweepCluster.Reports.Findings;
using SweepCluster.Reports.Tests.Sample;
using SweepCluster.Server.Feeds;
using SweepCluster.Server.Tests.Sweeps;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Server.Tests.Pages;

/// <summary>What the page of a sweep that goes on says of its best plan: one thing in every place, and nothing that only the confirmation can say.</summary>
public sealed partial class RunningSweepPageTests
{
    [Theory]
    [InlineData(200)]
    [InlineData(2_000)] // more than are drawn
    public async Task Page_ProgressIsNewerThanTheSummary_NamesOneBestPlan(int trials)
    {
        await using LargeSweepServer server = await LargeSweepServer.StartAsync(trials);
        server.Show(trials, new BestPoint("ffffffffffffffff", "mixed-newer", 1, 999, new Estimate(0, 0, 0, 1000)));
        TrialSummary best = BestSoFar.Of(SampleSummary.Create())!; // those that are made up lie behind it

        string page = await ReadAsync(server);

        Assert.Contains($"<span class=\"beneath\">{best.Label}, ", page, StringComparison.Ordinal);
        Assert.Contains($"<p class=\"sentence\">{best.Label} is the smallest plan so far that was measured to stay within", page, StringComparison.Ordinal);
        Assert.Equal([best.Id], Rings().Matches(page).Select(match => match.Groups[1].Value).Distinct());
        Assert.Contains($"<tr id=\"t-{best.Id}\" class=\"so-far front\"", await ReadAsync(server, "?trial=" + best.Id), StringComparison.Ordinal);
        Assert.Contains("</svg> smallest within the goal so far</li>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("mixed-newer", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_BeforeTheConfirmation_CallsNothingNearestOrRecommended()
    {
        await using LargeSweepServer server = await LargeSweepServer.StartAsync(200); // its summary has a recommendation, as one has while plans are confirmed

        string page = await ReadAsync(server);

        Assert.NotNull(SampleSummary.Create().Recommendation.ProvenTrial);
        Assert.DoesNotMatch("(?i)nearest to|recommended", page);
        Assert.Contains("Nothing is proven before the frontier is confirmed", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BestSoFar_OfAWholeSweep_IsTheProgresssBest()
    {
        await using TinyServer server = await TinyServer.StartAsync();
        string id = await server.SubmitAsync();
        await server.WorkAsync();
        ISweepFeeds feeds = server.Application.Services.GetRequiredService<ISweepFeeds>();

        SweepState state = await feeds.NextAsync(id, 0, default);

        TrialSummary best = BestSoFar.Of((await feeds.SummarizeAsync(id, default))!)!;
        Assert.Equal((state.Progress.Best!.TrialId, state.Progress.Best.SizeBytes, state.Progress.Best.Drop), (best.Id, best.SizeBytes, best.Choice!.Drop));
    }

    private static async Task<string> ReadAsync(LargeSweepServer server, string query = "")
    {
        using HttpClient client = new();
        return await client.GetStringAsync(new Uri(server.Page, query));
    }

    [GeneratedRegex("<a class=\"pt [^\"]*so-far\" href=\"[^\"]*\" data-trial=\"([^\"]+)\"")]
    private static partial Regex Rings();
}
