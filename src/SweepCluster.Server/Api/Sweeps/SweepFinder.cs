using System.Collections.Concurrent;
using System.Collections.Immutable;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;
using SweepCluster.Server.Api.Problems;

namespace SweepCluster.Server.Api.Sweeps;

/// <summary>Finds the sweep that a request is about: its whole id, or enough first digits of it. Remembers sweeps, which do not change, and asks the store only how far they are.</summary>
internal sealed class SweepFinder(ServerParts parts)
{
    private const int IdDigits = 16;
    private const int MostListed = 5;

    private readonly ConcurrentDictionary<string, SweepRecord> _known = new(StringComparer.Ordinal);

    /// <summary>The sweep with its counts.</summary>
    /// <exception cref="ProblemException">None or several.</exception>
    internal async Task<SweepListing> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(id, out SweepRecord? known) && await TryReadAsync(known, cancellationToken) is { } listing)
        {
            return listing;
        }

        SweepRecord sweep = Choose(id, await ListAsync(cancellationToken));
        return await TryReadAsync(sweep, cancellationToken) ?? throw None(id);
    }

    /// <summary>Every sweep, in the order in which they were handed in.</summary>
    internal async Task<ImmutableArray<SweepRecord>> ListAsync(CancellationToken cancellationToken)
    {
        ImmutableArray<SweepRecord> sweeps = await parts.Store.ListSweepsAsync(cancellationToken);
        HashSet<string> ids = new(StringComparer.Ordinal);
        foreach (SweepRecord sweep in sweeps)
        {
            _known[sweep.Id] = sweep;
            ids.Add(sweep.Id);
        }

        foreach (string gone in _known.Keys.Where(id => !ids.Contains(id)))
        {
            _known.TryRemove(gone, out _);
        }

        return sweeps;
    }

    /// <summary>A sweep's counts; null where it was removed.</summary>
    internal async Task<SweepListing?> TryReadAsync(SweepRecord sweep, CancellationToken cancellationToken)
    {
        try
        {
            return new SweepListing(sweep, await SweepWatch.ReadStatusAsync(parts.Store, sweep, cancellationToken));
        }
        catch (SweepStoppedException)
        {
            _known.TryRemove(sweep.Id, out _);
            return null;
        }
    }

    /// <summary>The same sweeps, each with why it waits, if it does.</summary>
    internal Task<ImmutableArray<SweepListing>> TellAsync(ImmutableArray<SweepListing> sweeps, CancellationToken cancellationToken) => Standstill.TellAsync(parts.Store, sweeps, cancellationToken);

    private static SweepRecord Choose(string id, ImmutableArray<SweepRecord> sweeps)
    {
        if (id.Length > IdDigits || !id.All(char.IsAsciiHexDigitLower))
        {
            throw None(id);
        }

        SweepRecord[] found = [.. sweeps.Where(sweep => sweep.Id.StartsWith(id, StringComparison.Ordinal))];
        return found.Length switch
        {
            1 => found[0],
            0 => throw None(id),
            _ => throw new ProblemException(
                ProblemKind.Ambiguous,
                $"sweep {id}: found {found.Length} sweeps ({string.Join(", ", found.Take(MostListed).Select(sweep => sweep.Id))}{(found.Length > MostListed ? ", .." : "")}), expected more digits of one."),
        };
    }

    private static ProblemException None(string id) =>
        new(ProblemKind.NotFound, $"sweep {(id.Length <= IdDigits ? id : id[..IdDigits] + "..")}: found none, expected the id of one or its first digits, in lower-case hexadecimal.");
}
