using System.Globalization;
using SweepCluster.Server.Clients;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Cli.Terminal;

/// <summary>Shows how far files are on their way to a server: one line that is drawn over in a terminal, now and then a line elsewhere. Short ways are passed over.</summary>
internal sealed class UploadLine : IProgress<UploadProgress>
{
    private const long WorthTelling = 8 << 20;
    private static readonly TimeSpan s_linePeriod = TimeSpan.FromSeconds(10);

    private readonly TextWriter _error;
    private readonly bool _isLive;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private UploadProgress _furthest = new(0, 0, 0);
    private long _lastLine;

    /// <summary>Shows it.</summary>
    /// <param name="error">Where.</param>
    /// <param name="isLive">Whether it can be drawn over.</param>
    /// <param name="time">The clock.</param>
    internal UploadLine(TextWriter error, bool isLive, TimeProvider time)
    {
        _error = error;
        _isLive = isLive;
        _time = time;
        _lastLine = time.GetTimestamp();
    }

    internal static UploadLine Create(TextWriter error) => new(error, ProgressDisplay.IsTerminal(error), TimeProvider.System);

    /// <inheritdoc/>
    public void Report(UploadProgress value)
    {
        lock (_lock)
        {
            bool isLast = value.DoneBytes == value.TotalBytes;
            if (value.TotalBytes < WorthTelling || value.DoneBytes <= _furthest.DoneBytes) // parts end in any order
            {
                return;
            }

            _furthest = value;
            if (_isLive)
            {
                _error.Write($"\r{Describe(value)}\e[K{(isLast ? "\n" : "")}");
                _error.Flush();
            }
            else if (isLast || _time.GetElapsedTime(_lastLine) >= s_linePeriod)
            {
                _lastLine = _time.GetTimestamp();
                _error.WriteLine(Describe(value));
            }
        }
    }

    private static string Describe(UploadProgress value) => string.Create(
        CultureInfo.InvariantCulture,
        $"sending model and data: {Math.Floor(100.0 * value.DoneBytes / value.TotalBytes):0} % of {ByteSize.Write(value.TotalBytes)}{(value.FoundBytes > 0 ? $", {ByteSize.Write(value.FoundBytes)} were there" : "")}");
}
