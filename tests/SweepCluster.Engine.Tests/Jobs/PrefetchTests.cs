using System.Collections.Immutable;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Tests.Jobs;

public sealed class PrefetchTests
{
    private readonly Prefetch _prefetch = new(slots: 4);

    [Fact]
    public void Limit_NothingKnown_IsOneForEachSlotThatWaits()
    {
        Assert.Equal(3, _prefetch.Limit(3));
        Assert.Equal(3, _prefetch.Keep(Claims(3), 3));
        Assert.Equal(2, _prefetch.Limit(2));
    }

    [Fact]
    public void Limit_ShortJobs_DoublesUpToAThousand()
    {
        _prefetch.Ran(Claims(1)[0], TimeSpan.FromMicroseconds(10));
        List<int> limits = [];
        for (int i = 0; i < 13; i++)
        {
            limits.Add(_prefetch.Limit(1));
            Assert.Equal(limits[^1], _prefetch.Keep(Claims(limits[^1]), 1));
        }

        Assert.Equal([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1000, 1000, 1000], limits);
    }

    [Fact]
    public void Limit_ShortJobs_IsAtMostHalfASecondOfWork()
    {
        Grow(TimeSpan.FromMilliseconds(10));

        Assert.Equal(200, _prefetch.Limit(1)); // 0.5 s on 4 slots
    }

    [Fact]
    public void Limit_ALongJob_FallsBackToOne()
    {
        Grow(TimeSpan.FromMilliseconds(10));

        _prefetch.Ran(Claims(1)[0], TimeSpan.FromSeconds(10));

        Assert.Equal(1, _prefetch.Limit(1));
    }

    [Fact]
    public void Keep_JobsOfAnotherKind_KeepsThoseForWaitingSlotsAlone()
    {
        Grow(TimeSpan.FromMilliseconds(1));
        ImmutableArray<Claim> mixed = [.. Claims(3), .. Claims(5, JobKind.Probe)];

        Assert.Equal(3, _prefetch.Keep(mixed, 2));
        Assert.Equal(1, _prefetch.Limit(1));
    }

    [Fact]
    public void Keep_AJobThatFailedBefore_KeepsNothingBesideIt()
    {
        Grow(TimeSpan.FromMilliseconds(1));
        ImmutableArray<Claim> claims = Claims(8);

        Assert.Equal(1, _prefetch.Keep(claims.SetItem(5, claims[5] with { Attempts = 1 }), 1));
        Assert.Equal(1, _prefetch.Limit(1));
    }

    private void Grow(TimeSpan elapsed)
    {
        for (int i = 0; i < 12; i++)
        {
            _prefetch.Ran(Claims(1)[0], elapsed);
            _prefetch.Keep(Claims(_prefetch.Limit(1)), 1);
        }
    }

    private static ImmutableArray<Claim> Claims(int count, JobKind kind = JobKind.Trial) =>
        [.. Enumerable.Range(0, count).Select(index => new Claim("a", index, new Job(kind, $"{index}", "{}"), 1, "test"))];
}
