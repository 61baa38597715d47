using Microsoft.Extensions.DependencyInjection;

namespace SweepCluster.Server.Feeds;

/// <summary>The store and the feeds of its sweeps, for every other feature.</summary>
internal static class FeedsFeature
{
    /// <summary>Adds its services: <see cref="ServerParts"/>, <see cref="ServerOptions"/>, <see cref="ISweepFeeds"/>.</summary>
    internal static void Add(IServiceCollection services, ServerOptions options, ServerParts parts) => services
        .AddSingleton(options)
        .AddSingleton(parts)
        .AddSingleton<ServerFolder>()
        .AddSingleton(provider => new SummaryShelf(parts, provider.GetRequiredService<ServerFolder>(), options.Time))
        .AddSingleton<ISweepFeeds>(provider => new SweepFeeds(parts, options.Time, provider.GetRequiredService<SummaryShelf>()));
}
