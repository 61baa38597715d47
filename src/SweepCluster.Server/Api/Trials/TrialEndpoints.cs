using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using SweepCluster.Engine.Clusters;
using SweepCluster.Graphs;
using SweepCluster.Server.Access;
using SweepCluster.Server.Api.Contracts;
using SweepCluster.Server.Api.OpenApi;
using SweepCluster.Server.Api.Problems;
using SweepCluster.Server.Api.Sweeps;
using SweepCluster.Server.Feeds;
using SweepCluster.Sweeps.Summaries;
using SweepCluster.Sweeps.Summaries.Queries;

namespace SweepCluster.Server.Api.Trials;

/// <summary>Trials and sensitivities of a sweep, whether it is finished or runs.</summary>
internal static class TrialEndpoints
{
    private const int MostFilter = 2_000; // characters

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(ApiPaths.Trials, ListAsync).Describe(
            "listTrials", "Trials that are measured, the uncompressed model's among them, the best first.", AccessScope.Read, ProblemKind.Malformed, ProblemKind.NotFound, ProblemKind.FilesLost);
        routes.MapGet(ApiPaths.Trial, FindAsync).Describe("getTrial", "One trial.", AccessScope.Read, ProblemKind.NotFound, ProblemKind.Ambiguous);
        routes.MapGet(ApiPaths.Sensitivities, SensitivitiesAsync).Describe(
            "listSensitivities", "What each scheme does to each layer, and to the model when only that layer is compressed.", AccessScope.Read, ProblemKind.Malformed, ProblemKind.NotFound, ProblemKind.FilesLost);
    }

    /// <summary>The trial that a text means: its id, its label, or enough first digits of its id.</summary>
    /// <exception cref="ProblemException">None or several.</exception>
    internal static TrialSummary Find(SweepSummary summary, string text)
    {
        string shown = OneLine.Of(text.Length <= 64 ? text : text[..64] + "..");
        TrialSummary[] found = TrialIds.Match([summary.Baseline, .. summary.Trials], text);
        return found.Length switch
        {
            1 => found[0],
            0 => throw new ProblemException(ProblemKind.NotFound, $"trial {shown}: found none, expected the id of one, its first digits, or its label."),
            _ => throw new ProblemException(
                ProblemKind.Ambiguous, $"trial {shown}: found {found.Length} trials ({string.Join(", ", found.Take(5).Select(trial => trial.Id))}{(found.Length > 5 ? ", .." : "")}), expected more digits of one."),
        };
    }

    private static async Task<Page<TrialResource>> ListAsync(
        ISweepFeeds feeds, SweepFinder finder, string id, int? limit, string? after, string? where, string? sort, CancellationToken cancellationToken)
    {
        int most = PageLimits.Check(limit);
        if (where?.Length > MostFilter)
        {
            throw new ProblemException(ProblemKind.Malformed, $"where: found {where.Length} characters, expected at most {MostFilter}.");
        }

        SweepSummary? summary = await feeds.SummarizeAsync((await finder.FindAsync(id, cancellationToken)).Id, cancellationToken);
        ImmutableArray<TrialSummary> trials = summary is null ? [] : Select(summary, where ?? "");
        return Cut([.. TrialOrder.Sort(trials, sort, summary)], static trial => trial.Id, most, after, TrialResources.Of);
    }

    private static ImmutableArray<TrialSummary> Select(SweepSummary summary, string where)
    {
        try
        {
            return TrialQuery.Parse(where, summary).Select(summary);
        }
        catch (BadInputException fault)
        {
            throw new ProblemException(ProblemKind.Malformed, fault.Message);
        }
    }

    private static async Task<TrialResource> FindAsync(ISweepFeeds feeds, SweepFinder finder, string id, string trial, CancellationToken cancellationToken)
    {
        SweepListing sweep = await finder.FindAsync(id, cancellationToken);
        SweepSummary summary = await feeds.SummarizeAsync(sweep.Id, cancellationToken)
            ?? throw new ProblemException(ProblemKind.NotFound, $"{sweep}: found no trial yet, expected the uncompressed model to be measured first.");
        return TrialResources.Of(Find(summary, trial));
    }

    private static async Task<Page<SensitivityResource>> SensitivitiesAsync(
        ISweepFeeds feeds, SweepFinder finder, string id, int? limit, string? after, CancellationToken cancellationToken)
    {
        int most = PageLimits.Check(limit);
        SweepSummary? summary = await feeds.SummarizeAsync((await finder.FindAsync(id, cancellationToken)).Id, cancellationToken);
        return Cut(summary?.Sensitivities ?? [], static entry => $"{entry.Layer}|{entry.Scheme}", most, after, TrialResources.Of);
    }

    private static Page<TResource> Cut<T, TResource>(ImmutableArray<T> all, Func<T, string> keyOf, int most, string? after, Func<T, TResource> show)
    {
        int place = after is null ? 0 : all.Select(keyOf).ToList().IndexOf(after) + 1;
        if (after is not null && place == 0)
        {
            throw PageLimits.NoSuchPlace(after);
        }

        T[] part = [.. all.Skip(place).Take(most)];
        return new Page<TResource>([.. part.Select(show)], place + part.Length < all.Length ? keyOf(part[^1]) : null);
    }
}
