using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using SweepCluster.Server.Feeds;
using SweepCluster.Server.Pages.Events;
using SweepCluster.Server.Pages.Live;
using SweepCluster.Server.Pages.Silos;
using SweepCluster.Server.Pages.Submit;
using SweepCluster.Server.Pages.Sweeps;

namespace SweepCluster.Server.Pages;

/// <summary>The live pages.</summary>
internal static class PagesFeature
{
    /// <summary>Adds its services.</summary>
    internal static void Add(IServiceCollection services, ServerOptions options)
    {
        services.AddSingleton(provider => new SweepIndex(provider.GetRequiredService<ServerParts>(), provider.GetRequiredService<ISweepFeeds>()));
        services.AddSingleton(provider => new SiloLook(provider.GetRequiredService<ServerParts>(), options));
        services.AddSingleton(provider => new EventTail(provider.GetRequiredService<ServerParts>(), options));
        services.AddSingleton(provider => new PageSources(
            provider.GetRequiredService<ISweepFeeds>(), provider.GetRequiredService<SweepIndex>(), provider.GetRequiredService<SiloLook>(), provider.GetRequiredService<EventTail>(), new RenderShelf()));
    }

    /// <summary>Maps its endpoints.</summary>
    internal static void Map(WebApplication server)
    {
        AssetEndpoints.Map(server);
        PageEndpoints.Map(server);
        ActionEndpoints.Map(server);
        SubmitEndpoints.Map(server);
    }
}
