using System.Collections.Immutable;
using SweepCluster.Engine.Stores;
using SweepCluster.Graphs;
using SweepCluster.Sweeps.Names;

namespace SweepCluster.Engine.Clusters;

/// <summary>Finds the sweep that a person means.</summary>
internal static class SweepLookup
{
    private const int MostListed = 5;

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
            0 => throw new BadInputException($"{place}: found no sweep '{text}', expected {Expected(text, sweeps)}."),
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
