using System.Text.Encodings.Web;
using System.Text.Json;
using SweepCluster.Reports.Json;
using SweepCluster.Sweeps.Summaries;

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

    /// <summary>Writes an array item by item: the text of <see cref="WriteAsync"/>, however many items there are.</summary>
    internal static async Task WriteEachAsync<T>(TextWriter output, IEnumerable<T> items)
    {
        bool any = false;
        foreach (T item in items)
        {
            await output.WriteAsync($"{(any ? "," : "[")}{Environment.NewLine}  ");
            await output.WriteAsync(JsonSerializer.Serialize(item, s_options).Replace("\n", "\n  ", StringComparison.Ordinal));
            any = true;
        }

        await output.WriteLineAsync(any ? $"{Environment.NewLine}]" : "[]");
    }

    /// <summary>Writes a sweep's result: the text of <c>report.json</c>, piece by piece.</summary>
    internal static async Task WriteReportAsync(TextWriter output, SweepSummary summary)
    {
        await using Utf8ToText stream = new(output);
        ReportJson.Write(summary, stream);
    }

    /// <summary>A number as JSON can say it: null where it is infinite or none.</summary>
    internal static double? Finite(double value) => double.IsFinite(value) ? value : null;

    internal static Task WriteAsync<T>(TextWriter output, T value) => output.WriteLineAsync(JsonSerializer.Serialize(value, s_options));
}
