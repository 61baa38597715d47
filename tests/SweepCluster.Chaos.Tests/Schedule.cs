using System.Globalization;
using SweepCluster.Chaos.Silo;

namespace SweepCluster.Chaos.Tests;

/// <summary>When silos die: every moment equally often, in a seeded order.</summary>
internal static class Schedule
{
    private const int MostWorkBefore = 4; // a silo dies the first to fourth time that it comes to its moment

    /// <summary>Deaths as the silo's argument.</summary>
    internal static Queue<string> Create(int seed, int perMoment)
    {
        Random random = new(seed);
        string[] deaths = [.. Enum.GetValues<Moment>().SelectMany(moment => Enumerable.Range(0, perMoment).Select(_ => Text(moment, random)))];
        random.Shuffle(deaths);
        return new Queue<string>(deaths);
    }

    private static string Text(Moment moment, Random random)
    {
        int count = moment == Moment.Coordinate ? 1 : 1 + random.Next(MostWorkBefore); // rounds are few
        return string.Create(CultureInfo.InvariantCulture, $"{moment}:{count}:{random.Next()}");
    }
}
