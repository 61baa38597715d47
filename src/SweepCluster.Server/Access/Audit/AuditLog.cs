using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using SweepCluster.Graphs;
using SweepCluster.Server.Access.Limits;
using SweepCluster.Server.Health;

namespace SweepCluster.Server.Access.Audit;

/// <summary>
/// Writes down who did what: one JSON object a line, appended and handed to the operating system before the next. The file is opened for every line, so whoever rotates it needs to tell nobody.
/// Every text is escaped to ASCII and cut, so no request can write a line of its own. Thread-safe.
/// </summary>
internal sealed partial class AuditLog(string? file, TimeProvider time, ILogger<AuditLog> logger) : IReadinessCheck
{
    private const int MostCharacters = 256;
    private const int RefusalsPerSecond = 50; // a flood of refusals must not fill the disk; those beyond are counted

    private readonly Lock _lock = new();
    private readonly RequestBudget _refusals = new(RefusalsPerSecond, burst: 1000, capacity: 4, time);
    private long _untold;
    private long _lost;
    private bool _isTorn; // the file may end within a line
    private volatile string? _fault;

    /// <summary>Makes sure that the file can be written.</summary>
    /// <exception cref="BadInputException">It cannot.</exception>
    internal void Open()
    {
        try
        {
            Append([]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new BadInputException($"--audit {file}: {error.Message}", error);
        }
    }

    /// <summary>Writes a line.</summary>
    internal void Write(AuditEntry entry)
    {
        bool isRefusal = entry.Outcome == "refused";
        if (isRefusal && _refusals.Take("") > TimeSpan.Zero)
        {
            Interlocked.Increment(ref _untold);
            return;
        }

        AuditEntry clean = Clean(entry);
        if (isRefusal)
        {
            LogRefused(clean.Reason, clean.Status, clean.Method, clean.Route, clean.Caller, clean.Address, clean.Request);
        }
        else
        {
            LogDone(clean.Caller, clean.Method, clean.Route, clean.Subject, clean.Status, clean.Address, clean.Request);
        }

        try
        {
            lock (_lock)
            {
                Append(clean);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            LogFault(error.Message);
        }
    }

    /// <inheritdoc/>
    public Task<string?> FindFaultAsync(CancellationToken cancellationToken)
    {
        if (_fault is not null)
        {
            TryAgain(); // a process that is not ready gets no request whose line would show that the file can be written again
        }

        return Task.FromResult(_fault);
    }

    private void TryAgain()
    {
        try
        {
            lock (_lock)
            {
                Append([]);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            LogFault(error.Message);
        }
    }

    // What was not written is counted until a line has told it.
    private void Append(AuditEntry entry)
    {
        long untold = Interlocked.Exchange(ref _untold, 0);
        try
        {
            Append(Line(entry, untold, _lost));
            _lost = 0;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Interlocked.Add(ref _untold, untold);
            _lost++;
            throw;
        }
    }

    private static AuditEntry Clean(AuditEntry entry) => entry with
    {
        Request = Clip(entry.Request)!,
        Caller = Clip(entry.Caller),
        Address = Clip(entry.Address),
        Method = Clip(entry.Method)!,
        Route = Clip(entry.Route),
        Path = Clip(entry.Path)!,
        Subject = Clip(entry.Subject),
        Reason = Clip(entry.Reason),
    };

    private static string? Clip(string? text)
    {
        if (text is null)
        {
            return null;
        }

        string shown = Secret().Replace(text, "[secret]"), cut = shown.Length > MostCharacters ? shown[..MostCharacters] : shown;
        return cut.Any(char.IsControl) ? string.Concat(cut.Select(letter => char.IsControl(letter) ? ' ' : letter)) : cut;
    }

    private static byte[] Line(AuditEntry entry, long untold, long lost)
    {
        using MemoryStream line = new();
        using (Utf8JsonWriter json = new(line)) // its default encoder leaves nothing but plain ASCII
        {
            json.WriteStartObject();
            json.WriteString("at", entry.At);
            json.WriteString("request", entry.Request);
            json.WriteString("caller", entry.Caller);
            json.WriteString("scope", entry.Scope);
            json.WriteString("signIn", entry.Way);
            json.WriteString("address", entry.Address);
            json.WriteString("method", entry.Method);
            json.WriteString("route", entry.Route);
            json.WriteString("path", entry.Path);
            json.WriteString("subject", entry.Subject);
            json.WriteNumber("status", entry.Status);
            json.WriteString("outcome", entry.Outcome);
            json.WriteString("reason", entry.Reason);
            if (untold > 0)
            {
                json.WriteNumber("refusalsNotWrittenBefore", untold);
            }

            if (lost > 0)
            {
                json.WriteNumber("linesLostBefore", lost);
            }

            json.WriteEndObject();
        }

        line.WriteByte((byte)'\n');
        return line.ToArray();
    }

    private void Append(byte[] line)
    {
        if (file is null)
        {
            return;
        }

        FileStreamOptions options = new() { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        }

        bool wasTorn = _isTorn;
        try
        {
            using FileStream stream = new(file, options);
            _isTorn = true;
            stream.Write(wasTorn ? [(byte)'\n', .. line] : line);
            (_isTorn, _fault) = (false, null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _fault = "the audit log cannot be written";
            throw;
        }
    }

    // A token of this server, or one that an issuer signed, that somebody put where none belongs.
    [GeneratedRegex("sweep_[0-9A-Za-z]{20,}|eyJ[0-9A-Za-z_-]{10,}\\.[0-9A-Za-z_-]+(\\.[0-9A-Za-z_-]*)?", RegexOptions.CultureInvariant)]
    private static partial Regex Secret();

    [LoggerMessage(EventId = 5031, Level = LogLevel.Information, Message = "{Caller} did {Method} {Route} on {Subject}: {Status} (from {Address}, request {Request})")]
    private partial void LogDone(string? caller, string? method, string? route, string? subject, int status, string? address, string request);

    [LoggerMessage(EventId = 5032, Level = LogLevel.Warning, Message = "Refused, {Reason}: {Status} for {Method} {Route} of {Caller} (from {Address}, request {Request})")]
    private partial void LogRefused(string? reason, int status, string? method, string? route, string? caller, string? address, string request);

    [LoggerMessage(EventId = 5033, Level = LogLevel.Error, Message = "The audit log cannot be written: {Fault}")]
    private partial void LogFault(string fault);
}
