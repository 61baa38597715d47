using SweepCluster.Engine.Stores;
using SweepCluster.Server.Tests.Sweeps;

namespace SweepCluster.Server.Tests.Pages;

/// <summary>What the page of a sweep says of the silos that are at work on it.</summary>
public sealed class SweepSilosTests
{
    [Fact]
    public async Task Page_JobIsHeldByASiloThatIsNotListed_ShowsItAllTheSame() // it was struck off, and its lease runs on
    {
        await using TinyServer server = await TinyServer.StartAsync();
        string id = await server.SubmitAsync();
        Assert.Single(await server.Parts.Store.ClaimAsync(ClaimFilter.Any, "lost-silo", 1, TimeSpan.FromMinutes(10), default));
        Assert.Empty(await server.Parts.Store.ListSilosAsync(default));

        string page = await server.Client.GetStringAsync($"/sweeps/{id}");

        Assert.Contains("<span class=\"name\">lost-silo</span>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("No silo is there.", page, StringComparison.Ordinal);
    }
}
