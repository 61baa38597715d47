using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SweepCluster.Server.Api.Blobs;
using SweepCluster.Server.Api.Exports;
using SweepCluster.Server.Api.OpenApi;
using SweepCluster.Server.Api.Problems;
using SweepCluster.Server.Api.Reports;
using SweepCluster.Server.Api.Silos;
using SweepCluster.Server.Api.Streams;
using SweepCluster.Server.Api.Submissions;
using SweepCluster.Server.Api.Sweeps;
using SweepCluster.Server.Api.Trials;
using SweepCluster.Server.Feeds;

namespace SweepCluster.Server.Api;

/// <summary>The HTTP API.</summary>
internal static class ApiFeature
{
    /// <summary>Adds its services.</summary>
    internal static void Add(IServiceCollection services, ServerOptions options)
    {
        services.AddSingleton<SweepFinder>();
        services.AddSingleton<SubmissionDesk>();
        services.AddSingleton<IdempotencyKeys>();
        services.AddSingleton(provider => new ExportShelf(provider.GetRequiredService<ServerParts>(), provider.GetRequiredService<ServerFolder>(), options.Time));
        services.AddSingleton(provider => new ReportShelf(provider.GetRequiredService<ServerFolder>(), options.Time));
        services.AddSingleton<ReportSources>();
        services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true); // so that the answer says what was wrong
        services.ConfigureHttpJsonOptions(json => ApiJson.Apply(json.SerializerOptions));
        ApiDocument.Add(services);
    }

    /// <summary>Maps its endpoints.</summary>
    internal static void Map(WebApplication server)
    {
        server.UseMiddleware<ProblemMiddleware>();
        SweepEndpoints.Map(server);
        SubmissionEndpoints.Map(server);
        TrialEndpoints.Map(server);
        ReportEndpoints.Map(server);
        ExportEndpoints.Map(server);
        StreamEndpoints.Map(server);
        SiloEndpoints.Map(server);
        BlobEndpoints.Map(server);
        ApiDocument.Map(server);
    }
}
