using SweepCluster.Cli.Terminal.Live;
using SweepCluster.Engine.Runs;

namespace SweepCluster.Cli.Tests.Live;

public sealed class LiveProgressTests
{
    private const string Frame = "\e[?2026h\e[?25l\r";
    private static readonly SweepProgress s_some = new(SweepStage.Cells, 3, 12, 0.25, 0, null, null, 0);

    [Fact]
    public void Dispose_AfterReports_LeavesTheLastOneOnTheScreen()
    {
        using StringWriter terminal = new();
        LiveProgress progress = Create(terminal, 60);
        progress.Report(s_some);
        progress.Report(s_some with { JobsDone = 6, Share = 0.5 });

        progress.Dispose();

        Assert.Equal(
            Frame + "tiny  cells\e[K\n####################....................  50 %  6/12 jobs\e[K\n\e[J\e[?2026l\e[?25h", terminal.ToString());
    }

    [Fact]
    public void Dispose_WhereTheResultFollows_ClearsTheFrame()
    {
        using StringWriter terminal = new();
        LiveProgress progress = Create(terminal, 60);
        progress.Report(s_some);
        progress.Keeps = false;

        progress.Dispose();

        Assert.EndsWith("\e[J\e[?2026l\e[2A\r\e[J\e[?25h", terminal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Dispose_WithoutAReport_WritesNothing()
    {
        using StringWriter terminal = new();

        Create(terminal, 60).Dispose();

        Assert.Equal(string.Empty, terminal.ToString());
    }

    [Fact]
    public void Report_WhileOpening_DrawsNothing()
    {
        using StringWriter terminal = new();
        using (LiveProgress progress = Create(terminal, 60))
        {
            progress.Report(s_some with { Stage = SweepStage.Opening });
        }

        Assert.Equal(string.Empty, terminal.ToString());
    }

    [Theory]
    [InlineData(80, 2)] // each line as it was
    [InlineData(40, 3)] // the terminal broke the line of 57 columns in two
    [InlineData(20, 4)]
    public void Draw_InATerminalOfAnotherWidth_BeginsWhereTheLastFrameDid(int width, int rows)
    {
        using StringWriter terminal = new();
        LiveScreen screen = new(terminal, colors: false);
        FrameLine[] lines = [new FrameLine().Add("tiny  cells"), new FrameLine().Add(new string('#', 57))];
        screen.Draw(lines, 60);
        terminal.GetStringBuilder().Clear();

        screen.Draw(lines, width);

        Assert.StartsWith($"\e[?2026h\e[?25l\e[{rows}A\r", terminal.ToString(), StringComparison.Ordinal);
    }

    private static LiveProgress Create(TextWriter terminal, int width) => new("tiny", terminal, Glyphs.Ascii, colors: false, () => (width, 24), new StillTime());

    // Timers never fire: what is drawn is drawn by the test.
    private sealed class StillTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new StillTimer();

        private sealed class StillTimer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
                // Nothing runs.
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
