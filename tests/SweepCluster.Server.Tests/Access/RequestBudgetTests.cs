using FsCheck;
using FsCheck.Fluent;
using SweepCluster.Server.Access.Limits;
using SweepCluster.Testing;

namespace SweepCluster.Server.Tests.Access;

public sealed class RequestBudgetTests
{
    private readonly HandTime _time = new();

    [Fact]
    public void Take_BurstThenSteadily()
    {
        RequestBudget budget = new(perSecond: 4, burst: 3, capacity: 10, _time);

        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => budget.Take("a") == TimeSpan.Zero));
        Assert.Equal(TimeSpan.FromSeconds(0.25), budget.Take("a"));
        Assert.Equal(TimeSpan.Zero, budget.Take("b"));
        _time.Move(TimeSpan.FromSeconds(0.25));
        Assert.Equal(TimeSpan.Zero, budget.Take("a"));
        Assert.NotEqual(TimeSpan.Zero, budget.Take("a"));
    }

    [Fact]
    public void Take_MoreThanItHolds_ShareOneBudgetAndTakeNoMemory()
    {
        RequestBudget budget = new(perSecond: 1, burst: 2, capacity: 100, _time);

        int taken = Enumerable.Range(0, 10_000).Count(i => budget.Take($"{i}") == TimeSpan.Zero);

        Assert.Equal(102, taken);
        Assert.InRange(budget.Count, 100, 101);
        _time.Move(TimeSpan.FromMinutes(1));
        Assert.Equal(TimeSpan.Zero, budget.Take("new"));
        Assert.Equal(1, budget.Count);
    }

    [Fact]
    public void Take_WhateverComesWhen_NeverMoreThanBurstAndRate() => Prop.ForAll(
        Gen.Choose(0, 400).ArrayOf().ToArbitrary(),
        (int[] gaps) =>
        {
            HandTime time = new();
            RequestBudget budget = new(perSecond: 10, burst: 5, capacity: 4, time);
            int taken = 0, milliseconds = 0;
            foreach (int gap in gaps)
            {
                time.Move(TimeSpan.FromMilliseconds(gap));
                milliseconds += gap;
                taken += budget.Take("a") == TimeSpan.Zero ? 1 : 0;
            }

            return taken <= 5 + (milliseconds / 100);
        }).Check(Config.QuickThrowOnFailure.WithReplay(17, 19, 0));
}
