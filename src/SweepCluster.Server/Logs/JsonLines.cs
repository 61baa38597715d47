using Microsoft.Extensions.Logging;

namespace SweepCluster.Server.Logs;

/// <summary>Logs for machines: one JSON object a line.</summary>
public static class JsonLines
{
    /// <summary>A factory of loggers that write to a writer, information and worse; of the framework's own, warnings and worse.</summary>
    /// <param name="output">Receives the lines, whole ones, from any thread; stays open.</param>
    /// <param name="time">The clock of their timestamps.</param>
    public static ILoggerFactory Create(TextWriter output, TimeProvider time) => LoggerFactory.Create(logging => logging
        .SetMinimumLevel(LogLevel.Information)
        .AddFilter("Microsoft", LogLevel.Warning)
        .AddFilter("System", LogLevel.Warning)
        .AddProvider(new JsonLinesProvider(output, time)));

    /// <summary>Lines that people read on a terminal, as log entries.</summary>
    /// <param name="logs">The logs.</param>
    public static Action<string> Notices(ILoggerFactory logs)
    {
        NoticeLog log = new(logs.CreateLogger("SweepCluster.Notice"));
        return log.Tell;
    }
}
