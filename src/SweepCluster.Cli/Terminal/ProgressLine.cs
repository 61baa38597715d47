using System.Globalization;
using Spectre.Console;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Runs;
using SweepCluster.Engine.Stores;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Cli.Terminal;

/// <summary>Shows a running sweep: one line that is drawn over and over in a terminal, now and then a line elsewhere.</summary>
internal sealed class ProgressLine : IProgressDisplay
{
    private const int NarrowBelow = 100; // characters of a line
    private static readonly TimeSpan s_linePeriod = TimeSpan.FromSeconds(10);
    private readonly TextWriter? _error;
    private readonly bool _live;
    private readonly Lock _lock = new();
    private long _lastLine;
    private (SweepStage Stage, SweepPhase Phase, string? Waits) _shown = (SweepStage.Opening, SweepPhase.Running, null);
    private int _drawn;

    private ProgressLine(TextWriter? error, bool live)
    {
        _error = error;
        _live = live;
    }

    internal static ProgressLine Create(TextWriter error, bool quiet) =>
        new(quiet ? null : error, ProgressDisplay.IsTerminal(error));

    /// <inheritdoc/>
    public bool Keeps { get; set; }

    /// <inheritdoc/>
    public void Report(SweepProgress value)
    {
        if (_error is null || ProgressDisplay.MayBeRefused(value))
        {
            return;
        }

        lock (_lock)
        {
            if (_live)
            {
                string line = Describe(value, Math.Max(40, AnsiConsole.Profile.Width - 1));
                _error.Write('\r' + line.PadRight(_drawn));
                _error.Flush();
                _drawn = line.Length;
            }
            else if ((value.Stage, value.Phase, value.Waits) != _shown || TimeProvider.System.GetElapsedTime(_lastLine) >= s_linePeriod)
            {
                _lastLine = TimeProvider.System.GetTimestamp();
                _shown = (value.Stage, value.Phase, value.Waits);
                _error.WriteLine(Describe(value, int.MaxValue));
            }
        }
    }

    /// <summary>Clears the line.</summary>
    public void Dispose()
    {
        if (_live && _drawn > 0)
        {
            _error?.Write('\r' + new string(' ', _drawn) + '\r');
        }
    }

    /// <summary>The line. Where it is too long, the rate gives way whole, then the name of the best plan, then that plan. Of a sweep that waits it says why, as far as there is room.</summary>
    internal static string Describe(SweepProgress value, int width)
    {
        int barWidth = width < NarrowBelow ? 10 : 20;
        string rate = value.SamplesPerSecond > 0 ? string.Create(CultureInfo.InvariantCulture, $"  {value.SamplesPerSecond:N0} samples/s") : string.Empty;
        string best = Best(value, named: true), size = Best(value, named: false);
        string[] lines =
        [
            Line(value, barWidth, rate, best), Line(value, barWidth, string.Empty, best),
            Line(value, barWidth, string.Empty, size), Line(value, barWidth, string.Empty, string.Empty),
        ];
        string line = value.Waits is { } waits ? $"{lines[^1]}  waits: {waits}" : lines.FirstOrDefault(line => line.Length <= width) ?? lines[^1];
        return line.Length <= width ? line : line[..width];
    }

    private static string Best(SweepProgress value, bool named) => value.Shown is not { } best
        ? string.Empty
        : string.Create(CultureInfo.InvariantCulture, $"  {(value.Chosen is null ? "best" : "chosen")} {ByteSize.Write(best.SizeBytes)} ({best.CompressionRatio:0.0}x{(named ? $", {best.Label}" : string.Empty)})");

    private static string Line(SweepProgress value, int barWidth, string rate, string best)
    {
        int filled = (int)Math.Clamp(value.Share * barWidth, 0, barWidth);
        string bar = new string('#', filled) + new string('.', barWidth - filled);
        string left = value.TimeLeft is { } time ? $"  {Quantity.Duration(time)} left" : string.Empty;
        string failures = value.Failures > 0 ? $"  {value.Failures} failed" : string.Empty;
        string share = string.Create(CultureInfo.InvariantCulture, $"{value.Share * 100,3:0} %");
        return $"[{bar}] {share}  {(value.Phase == SweepPhase.Running ? value.Stage.ToString().ToLowerInvariant() : SweepListing.NameOf(value.Phase)),-10} {value.JobsDone}/{value.JobsTotal}{rate}{left}{best}{failures}";
    }
}
