using Microsoft.AspNetCore.Http;
using SweepCluster.Server.Api.Submissions;

namespace SweepCluster.Server.Tests.Api;

public sealed class IdempotencyKeysTests
{
    [Fact]
    public async Task Once_FirstFailsWhileASecondWaits_AThirdStillWaitsForTheSecond()
    {
        IdempotencyKeys keys = new(new ServerOptions());
        TaskCompletionSource<string> first = new(), second = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource secondRuns = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int thirdRan = 0;
        Task<string> one = OnceAsync(keys, () => first.Task);
        Task<string> two = OnceAsync(keys, () =>
        {
            secondRuns.SetResult();
            return second.Task;
        });

        first.SetException(new InvalidOperationException("the first fails"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => one);
        await secondRuns.Task;
        Task<string> three = OnceAsync(keys, () =>
        {
            thirdRan++;
            return Task.FromResult("three");
        });
        second.SetResult("two");

        Assert.Equal("two", await two);
        Assert.Equal("two", await three);
        Assert.Equal(0, thirdRan);
    }

    [Fact]
    public async Task Once_AllFailed_IsForgotten()
    {
        IdempotencyKeys keys = new(new ServerOptions());
        await Assert.ThrowsAsync<InvalidOperationException>(() => OnceAsync(keys, () => Task.FromException<string>(new InvalidOperationException())));

        Assert.Equal("again", await OnceAsync(keys, () => Task.FromResult("again")));
    }

    private static Task<string> OnceAsync(IdempotencyKeys keys, Func<Task<string>> answer)
    {
        DefaultHttpContext context = new();
        context.Request.Headers[IdempotencyKeys.Header] = "key";
        return keys.OnceAsync(context, "somebody", default, answer);
    }
}
