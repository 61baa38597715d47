using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace SweepCluster.Server.Logs;

/// <summary>Writes what one category logs as JSON lines.</summary>
internal sealed class JsonLinesLogger(JsonLinesProvider provider, string category) : ILogger
{
    private const string Template = "{OriginalFormat}"; // of messages; says nothing that the rest does not
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => provider.Scopes.Push(state);

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        ArrayBufferWriter<byte> buffer = new(512);
        using Utf8JsonWriter json = new(buffer, s_options);
        json.WriteStartObject();
        json.WriteString("timestamp"u8, provider.Now.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        json.WriteString("level"u8, logLevel.ToString());
        json.WriteString("category"u8, category);
        json.WriteNumber("eventId"u8, eventId.Id);
        if (eventId.Name is { } name)
        {
            json.WriteString("event"u8, name);
        }

        json.WriteString("message"u8, formatter(state, exception));
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C } span)
        {
            json.WriteString("traceId"u8, span.TraceId.ToHexString());
            json.WriteString("spanId"u8, span.SpanId.ToHexString());
        }

        if (state is IReadOnlyList<KeyValuePair<string, object?>> values)
        {
            json.WriteStartObject("values"u8);
            WriteAll(json, values);
            json.WriteEndObject();
        }

        WriteScopes(json);
        if (exception is not null)
        {
            json.WriteString("exception"u8, exception.ToString());
        }

        json.WriteEndObject();
        json.Flush();
        provider.Write(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private void WriteScopes(Utf8JsonWriter json)
    {
        json.WriteStartArray("scopes"u8);
        provider.Scopes.ForEachScope(
            static (scope, json) =>
            {
                if (scope is IEnumerable<KeyValuePair<string, object?>> values)
                {
                    json.WriteStartObject();
                    WriteAll(json, values);
                    json.WriteEndObject();
                }
                else if (scope is not null)
                {
                    json.WriteStringValue(Convert.ToString(scope, CultureInfo.InvariantCulture));
                }
            },
            json);
        json.WriteEndArray();
    }

    private static void WriteAll(Utf8JsonWriter json, IEnumerable<KeyValuePair<string, object?>> values)
    {
        foreach ((string key, object? value) in values.Where(static entry => entry.Key != Template))
        {
            json.WritePropertyName(key);
            switch (value)
            {
                case null:
                    json.WriteNullValue();
                    break;
                case bool flag:
                    json.WriteBooleanValue(flag);
                    break;
                case int number:
                    json.WriteNumberValue(number);
                    break;
                case long number:
                    json.WriteNumberValue(number);
                    break;
                case double number when double.IsFinite(number):
                    json.WriteNumberValue(number);
                    break;
                default:
                    json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                    break;
            }
        }
    }
}
