using System.Text.Json;
using Microsoft.Extensions.Logging;
using SweepCluster.Server.Logs;

namespace SweepCluster.Server.Tests.Logs;

public sealed class JsonLinesTests : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly ILoggerFactory _logs;

    public JsonLinesTests() => _logs = JsonLines.Create(_output, new FixedTime());

    public void Dispose()
    {
        _logs.Dispose();
        _output.Dispose();
    }

    [Fact]
    public void Log_WithScopesAndAnException_IsOneObjectOnOneLine()
    {
        ILogger log = _logs.CreateLogger("A.B");
        using (log.BeginScope(new KeyValuePair<string, object?>[] { new("SweepId", "abc"), new("Job", 7L) }))
        {
            log.Log(LogLevel.Warning, new EventId(12, "Happened"), new KeyValuePair<string, object?>[] { new("Text", "two\nlines \"quoted\""), new("Number", 1.5), new("Nothing", null) }, new InvalidOperationException("why"), (_, _) => "It happened\nso");
        }

        string line = Assert.Single(_output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
        JsonElement entry = JsonDocument.Parse(line).RootElement;
        Assert.Equal("2026-01-02T03:04:05.0000000Z", entry.GetProperty("timestamp").GetString());
        Assert.Equal(("Warning", "A.B", 12, "Happened", "It happened\nso"), (
            entry.GetProperty("level").GetString(), entry.GetProperty("category").GetString(), entry.GetProperty("eventId").GetInt32(), entry.GetProperty("event").GetString(), entry.GetProperty("message").GetString()));
        Assert.Equal("""{"Text":"two\nlines \"quoted\"","Number":1.5,"Nothing":null}""", entry.GetProperty("values").GetRawText());
        Assert.Equal("""[{"SweepId":"abc","Job":7}]""", entry.GetProperty("scopes").GetRawText());
        Assert.Contains("why", entry.GetProperty("exception").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Log_OfTheFramework_IsLeftOutBelowAWarning()
    {
        ILogger framework = _logs.CreateLogger("Microsoft.AspNetCore.Hosting");

        Assert.False(framework.IsEnabled(LogLevel.Information));
        Assert.True(framework.IsEnabled(LogLevel.Warning));
        Assert.True(_logs.CreateLogger("SweepCluster.Engine.Silo").IsEnabled(LogLevel.Information));
    }

    [Fact]
    public void Notices_FromManyThreads_AreWholeLines()
    {
        Action<string> notice = JsonLines.Notices(_logs);

        Parallel.For(0, 200, index => notice($"line {index}"));

        string[] lines = _output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(200, lines.Length);
        Assert.Equal(200, lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("message").GetString()).Distinct().Count());
    }

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    }
}
