using System.Collections.Immutable;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Stores;
using SweepCluster.Graphs;

namespace SweepCluster.Engine.Tests.Clusters;

public sealed class SweepLookupTests
{
    private static readonly ImmutableArray<SweepRecord> s_sweeps = [Sweep("a1b2c3d4e5f60718", "full"), Sweep("a1ffc3d4e5f60718", "small"), Sweep("0123456789abcdef", "small"), Sweep("77777777aaaaaaaa", "a1b2")];

    [Theory]
    [InlineData("a1b2c3d4e5f60718", "a1b2c3d4e5f60718")]
    [InlineData("A1FF", "a1ffc3d4e5f60718")]
    [InlineData("full", "a1b2c3d4e5f60718")]
    [InlineData("0", "0123456789abcdef")]
    public void Find_IdOrFirstDigitsOrName_IsThatSweep(string text, string id)
    {
        Assert.Equal(id, SweepLookup.Find(text, s_sweeps, "store").Id);
    }

    [Theory]
    [InlineData("a1", "store: found 2 sweeps 'a1' (a1b2c3d4e5f60718 'full', a1ffc3d4e5f60718 'small'), expected more digits of one.")]
    [InlineData("small", "store: found 2 sweeps 'small' (a1ffc3d4e5f60718 'small', 0123456789abcdef 'small'), expected more digits of one.")]
    [InlineData("a1b2", "store: found 2 sweeps 'a1b2' (a1b2c3d4e5f60718 'full', 77777777aaaaaaaa 'a1b2'), expected more digits of one.")]
    [InlineData("fulll", "store: found no sweep 'fulll', expected the id or the name of one, as a1b2c3d4e5f60718 'full'.")]
    [InlineData("0123456789abcdee", "store: found no sweep '0123456789abcdee', expected the id or the name of one, as 0123456789abcdef 'small'.")]
    [InlineData(
        "zzzzzzzz",
        "store: found no sweep 'zzzzzzzz', expected the id or the name of one of a1b2c3d4e5f60718 'full', a1ffc3d4e5f60718 'small', 0123456789abcdef 'small', 77777777aaaaaaaa 'a1b2'.")]
    public void Find_SeveralOrNone_SaysWhich(string text, string message)
    {
        Assert.Equal(message, Assert.ThrowsAny<BadInputException>(() => SweepLookup.Find(text, s_sweeps, "store")).Message);
    }

    private static SweepRecord Sweep(string id, string name) => new(id, name, "spec", "model", null, "1", "{}");
}
