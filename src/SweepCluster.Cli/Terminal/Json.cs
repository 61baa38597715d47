using System.Text.Encodings.Web;
using System.Text.Json;

namespace SweepCluster.Cli.Terminal;

/// <summary>How <c>--format json</c> writes: names as <c>report.json</c> has them.</summary>
internal static class Json
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    internal static Task WriteAsync<T>(TextWriter output, T value) => output.WriteLineAsync(JsonSerializer.Serialize(value, s_options));
}
