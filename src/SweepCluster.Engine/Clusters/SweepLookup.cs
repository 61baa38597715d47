using System.Collections.Immutable;
using SweepCluster.Engine.Stores;
using SweepCluster.Graphs;

namespace SweepCluster.Engine.Clusters;

/// <summary>Finds the sweep that a person means.</summary>
internal static class SweepLookup
{
    private const int MostListed = 5;
    private const int IdDigits = 16;

    /// <summary>Whether a text is a sweep's whole id.</summary>
    internal static bool IsWholeId(string text) => text.Length == IdDigits && text.All(char.IsAsciiHexDigitLower);

    /// <summary>The sweep that a person means among those that are there.</summary>
    /// <param name="text">Its id, enough first digits of it, or its name where no other sweep has it; null: the only one that is not finished, else the only one.</param>
    /// <param name="sweeps">The sweeps.</param>
    /// <param name="place">Where they are, for messages.</param>
    /// <exception cref="BadInputException">None or several.</exception>
    internal static SweepListing Find(string? text, ImmutableArray<SweepListing> sweeps, string place)
    {
        if (text is not null)
        {
            SweepRecord found = Find(text, [.. sweeps.Select(sweep => sweep.Record)], place);
            return sweeps.First(sweep => sweep.Record == found);
        }

        SweepListing[] open = [.. sweeps.Where(sweep => !sweep.Status.IsFinished)];
        return open is [SweepListing one] ? one : open.Length == 0 && sweeps is [SweepListing only] ? only : throw new BadInputException(
            sweeps.IsEmpty ? $"{place}: found no sweep." : $"{place}: found {sweeps.Length} sweeps ({List([.. sweeps.Select(sweep => sweep.Record)])}), expected the id or the name of one.");
    }

    /// <summary>The sweep of an id, of the first digits of one, or of a name, in this order.</summary>
    /// <exception cref="BadInputException">None or several.</exception>
    internal static SweepRecord Find(string text, ImmutableArray<SweepRecord> sweeps, string place)
    {
        SweepRecord[] found = [.. sweeps.Where(sweep => sweep.Id == text)];
        if (found.Length == 0)
        {
            found = [.. sweeps.Where(sweep => sweep.Id.StartsWith(text, StringComparison.OrdinalIgnoreCase) || sweep.Name == text)];
        }

        return found.Length switch
        {
            1 => found[0],
            0 => throw new NoSuchSweepException($"{place}: found no sweep '{text}', expected {Expected(text, sweeps)}."),
            _ => throw new BadInputException($"{place}: found {found.Length} sweeps '{text}' ({List(found)}), expected more digits of one."),
        };
    }

    /// <summary>Some sweeps on one line.</summary>
    internal static string List(IReadOnlyCollection<SweepRecord> sweeps) =>
        string.Join(", ", sweeps.TakeLast(MostListed).Select(sweep => $"{sweep.Id} '{sweep.Name}'")) + (sweeps.Count > MostListed ? ", .." : "");

    private static string Expected(string text, ImmutableArray<SweepRecord> sweeps)
    {
        if (sweeps.IsEmpty)
        {
            return "the id or the name of one, and there is none";
        }

        SweepRecord[] near = [.. sweeps.Where(sweep => NearName.Of(text, [sweep.Name, sweep.Id[..Math.Min(text.Length, sweep.Id.Length)]]) is not null)];
        return near.Length > 0 ? $"the id or the name of one, as {List(near)}" : $"the id or the name of one of {List(sweeps)}";
    }
}
