using Microsoft.AspNetCore.Http;
using SweepCluster.Server.Pages.Live;
using SweepCluster.Testing;

namespace SweepCluster.Server.Tests.Pages;

public sealed class LiveStreamTests
{
    [Fact]
    public async Task Send_ManyViews_LeavesNoTimersBehind() // a timer of each wait would stay for as long as a silence may last
    {
        HandTime time = new();
        DefaultHttpContext context = new();
        using MemoryStream body = new();
        context.Response.Body = body;

        await LiveStream.SendAsync(context, new Changing(100), time, CancellationToken.None);

        Assert.Equal(0, time.Timers);
        Assert.Equal(100, System.Text.Encoding.UTF8.GetString(body.ToArray()).Split("event: title\n").Length - 1);
    }

    /// <summary>A page that changes some times, each time after a wait.</summary>
    private sealed class Changing(int times) : ILiveView
    {
        public async Task<PageView> NextAsync(long seen, CancellationToken cancellationToken)
        {
            await Task.Delay(1, cancellationToken);
            return new PageView(seen + 1, $"{seen}", "", []) { IsOver = seen + 1 == times, Pause = TimeSpan.Zero };
        }
    }
}
