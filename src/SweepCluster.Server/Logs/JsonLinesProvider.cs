using Microsoft.Extensions.Logging;

namespace SweepCluster.Server.Logs;

/// <summary>Makes loggers that write JSON lines.</summary>
internal sealed class JsonLinesProvider(TextWriter output, TimeProvider time) : ILoggerProvider, ISupportExternalScope
{
    private readonly Lock _writing = new();

    /// <summary>The scopes of whoever logs.</summary>
    internal IExternalScopeProvider Scopes { get; private set; } = new LoggerExternalScopeProvider();

    /// <summary>The time now.</summary>
    internal DateTimeOffset Now => time.GetUtcNow();

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new JsonLinesLogger(this, categoryName);

    /// <inheritdoc/>
    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => Scopes = scopeProvider;

    /// <summary>Writes a whole line.</summary>
    internal void Write(string line)
    {
        lock (_writing)
        {
            output.WriteLine(line);
            output.Flush();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The writer is the caller's.
    }
}
