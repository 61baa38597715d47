using SweepCluster.Engine.Jobs;

namespace SweepCluster.Engine.Tests.Jobs;

public sealed class SideBySideTests
{
    private readonly SideBySide _side = new();

    [Fact]
    public async Task EnterAsync_Alone_WaitsForTheOthersAndTheyForIt()
    {
        await _side.EnterAsync(alone: false, default);
        await _side.EnterAsync(alone: false, default);
        Task alone = _side.EnterAsync(alone: true, default), after = _side.EnterAsync(alone: false, default);

        _side.Leave();
        Assert.False(alone.IsCompleted);
        _side.Leave();
        await alone;
        Assert.False(after.IsCompleted);
        _side.Leave();
        await after;
    }

    [Fact]
    public async Task EnterAsync_AloneGivesUp_LetsTheOthersIn()
    {
        using CancellationTokenSource giveUp = new();
        await _side.EnterAsync(alone: false, default);
        Task alone = _side.EnterAsync(alone: true, giveUp.Token), after = _side.EnterAsync(alone: false, default);

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => alone);
        await after;
    }

    [Fact]
    public async Task EnterAsync_TwoAlone_TakeTurns()
    {
        await _side.EnterAsync(alone: true, default);
        Task second = _side.EnterAsync(alone: true, default);
        Assert.False(second.IsCompleted);

        _side.Leave();

        await second;
    }
}
