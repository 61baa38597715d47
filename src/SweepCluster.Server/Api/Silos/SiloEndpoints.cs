using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Stores;
using SweepCluster.Server.Access;
using SweepCluster.Server.Api.Contracts;
using SweepCluster.Server.Api.OpenApi;
using SweepCluster.Server.Api.Problems;
using SweepCluster.Server.Api.Sweeps;

namespace SweepCluster.Server.Api.Silos;

/// <summary>Silos and what they are at; events of the store.</summary>
internal static class SiloEndpoints
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(ApiPaths.Silos, ListAsync).Describe("listSilos", "Silos that are there, by name, with the jobs that each holds.", AccessScope.Read);
        routes.MapGet(ApiPaths.Events, EventsAsync).Describe("listEvents", "What happened, in the order in which it did.", AccessScope.Read, ProblemKind.Malformed);
        routes.MapGet(ApiPaths.SweepEvents, SweepEventsAsync).Describe(
            "listSweepEvents", "What happened to a sweep, in the order in which it did.", AccessScope.Read, ProblemKind.Malformed, ProblemKind.NotFound, ProblemKind.Ambiguous);
    }

    /// <summary>What the API shows of silos.</summary>
    internal static async Task<ImmutableArray<SiloResource>> ReadAsync(ServerParts parts, CancellationToken cancellationToken) =>
        [.. WorkingSilo.Of(await parts.Store.ListSilosAsync(cancellationToken), await parts.Store.ListHeldAsync(cancellationToken)).Select(Of)];

    private static async Task<Page<SiloResource>> ListAsync(ServerParts parts, CancellationToken cancellationToken) => new(await ReadAsync(parts, cancellationToken), null);

    private static Task<Page<EventResource>> EventsAsync(ServerParts parts, int? limit, long? after, CancellationToken cancellationToken) =>
        ReadEventsAsync(parts, null, limit, after, cancellationToken);

    private static async Task<Page<EventResource>> SweepEventsAsync(ServerParts parts, SweepFinder finder, string id, int? limit, long? after, CancellationToken cancellationToken) =>
        await ReadEventsAsync(parts, (await finder.FindAsync(id, cancellationToken)).Id, limit, after, cancellationToken);

    private static async Task<Page<EventResource>> ReadEventsAsync(ServerParts parts, string? sweepId, int? limit, long? after, CancellationToken cancellationToken)
    {
        int most = PageLimits.Check(limit);
        if (after < 0)
        {
            throw new ProblemException(ProblemKind.Malformed, $"after: found {after}, expected the number of an event, 0 or more.");
        }

        ImmutableArray<StoreEvent> events = await parts.Store.ReadEventsAsync(sweepId, after ?? 0, most + 1, cancellationToken);
        ImmutableArray<EventResource> items = [.. events.Take(most).Select(Of)];
        return new Page<EventResource>(items, events.Length > most ? items[^1].Number.ToString(System.Globalization.CultureInfo.InvariantCulture) : null);
    }

    private static SiloResource Of(WorkingSilo silo)
    {
        SiloStatus status = silo.Status;
        SiloCapacity capacity = status.Silo.Capacity;
        return new SiloResource(
            status.Silo.Name, status.Silo.Version, capacity.Slots, capacity.MemoryBytes, capacity.AllowsCommands, status.Joined, status.Silence.TotalSeconds,
            [.. silo.Jobs.Select(job => new HeldJobResource(job.SweepId, ApiJson.NameOf(job.Kind), job.About, job.Age.TotalSeconds))]);
    }

    private static EventResource Of(StoreEvent told) => new(told.Number, told.At, ApiJson.NameOf(told.Kind), told.SweepId, told.Text);
}
