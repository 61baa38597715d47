using SweepCluster.Engine.Runs;

namespace SweepCluster.Cli.Terminal.Live;

/// <summary>Shows a sweep as a picture that changes in its place, with the terminal's size.</summary>
internal sealed class LiveProgress : IProgressDisplay
{
    private const int LeastWidth = 20, LeastHeight = 4;
    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(200);

    private readonly string _title;
    private readonly Glyphs _glyphs;
    private readonly Func<(int Width, int Height)> _size;
    private readonly LiveScreen _screen;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private SweepProgress? _latest;
    private (SweepProgress Progress, int Width, int Height)? _shown;
    private bool _isOver;

    /// <summary>Begins with the first report.</summary>
    /// <param name="title">What is watched.</param>
    /// <param name="output">The terminal.</param>
    /// <param name="glyphs">What to draw with.</param>
    /// <param name="colors">Whether there are colours.</param>
    /// <param name="size">Columns and lines of the terminal.</param>
    /// <param name="time">The clock.</param>
    internal LiveProgress(string title, TextWriter output, Glyphs glyphs, bool colors, Func<(int Width, int Height)> size, TimeProvider time)
    {
        _title = title;
        _glyphs = glyphs;
        _size = size;
        _screen = new LiveScreen(output, colors);
        _timer = time.CreateTimer(_ => Redraw(), null, s_period, s_period);
    }

    /// <inheritdoc/>
    public bool Keeps { get; set; } = true;

    /// <inheritdoc/>
    public void Report(SweepProgress value)
    {
        if (!ProgressDisplay.MayBeRefused(value))
        {
            lock (_lock)
            {
                _latest = value;
            }
        }
    }

    /// <summary>Draws what was reported last, and gives the terminal back.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        Redraw();
        lock (_lock)
        {
            _isOver = true;
            _screen.Leave(Keeps, Size().Width);
        }
    }

    private void Redraw()
    {
        lock (_lock)
        {
            (int width, int height) = Size();
            if (!_isOver && _latest is { } latest && _shown != (latest, width, height))
            {
                _shown = (latest, width, height);
                _screen.Draw(WatchFrame.Build(_title, latest, width, height, _glyphs), width);
            }
        }
    }

    // The last column stays free: some terminals break the line when it is written. The last line is the cursor's.
    private (int Width, int Height) Size()
    {
        (int width, int height) = _size();
        return (Math.Max(LeastWidth, width - 1), Math.Max(LeastHeight, height - 1));
    }
}
