using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace SweepCluster.Engine.Telemetry;

/// <summary>Logs calls of a store that took long.</summary>
internal sealed partial class SlowStoreLog(ILogger logger)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(1);

    /// <summary>A call has ended.</summary>
    internal void Look(string operation, long started)
    {
        TimeSpan elapsed = Stopwatch.GetElapsedTime(started);
        if (elapsed >= s_limit)
        {
            LogSlow(operation, elapsed.TotalSeconds);
        }
    }

    [LoggerMessage(EventId = 2001, EventName = "StoreSlow", Level = LogLevel.Warning, Message = "The store took {Seconds:0.0} s for {Operation}")]
    private partial void LogSlow(string operation, double seconds);
}
