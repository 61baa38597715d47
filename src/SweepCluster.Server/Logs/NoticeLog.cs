using Microsoft.Extensions.Logging;

namespace SweepCluster.Server.Logs;

/// <summary>Logs what would stand on a terminal.</summary>
internal sealed partial class NoticeLog(ILogger logger)
{
    [LoggerMessage(EventId = 1, EventName = "Notice", Level = LogLevel.Information, Message = "{Notice}")]
    internal partial void Tell(string notice);
}
