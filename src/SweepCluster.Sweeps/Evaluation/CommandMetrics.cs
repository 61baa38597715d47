using System.Collections.Immutable;
using System.Text.Json;
using SweepCluster.Graphs;

namespace SweepCluster.Sweeps.Evaluation;

/// <summary>Reads what a user's evaluator prints.</summary>
internal static class CommandMetrics
{
    private const int ShownCharacters = 60;

    /// <summary>Reads <c>{"name": number, "name": {"value": v, "low": l, "high": h, "samples": n}, ...}</c>.</summary>
    /// <param name="output">Everything that was printed. If that is no JSON, its last line that is not empty, so that a library's chatter before it
    /// does no harm.</param>
    /// <param name="command">The command's name, for messages.</param>
    /// <returns>Metrics by name. A plain number has no interval: both ends equal it, and it rests on 0 samples.</returns>
    /// <exception cref="CommandFailedException">The text is no such object.</exception>
    public static ImmutableSortedDictionary<string, Estimate> Parse(string output, string command)
    {
        using JsonDocument document = ParseJson(output, command);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new CommandFailedException($"{command}: found JSON of kind {Kind(document.RootElement)}, expected an object of metric names and numbers.");
        }

        ImmutableSortedDictionary<string, Estimate>.Builder metrics = ImmutableSortedDictionary.CreateBuilder<string, Estimate>(StringComparer.Ordinal);
        foreach (JsonProperty metric in document.RootElement.EnumerateObject())
        {
            metrics[metric.Name] = metric.Value.ValueKind == JsonValueKind.Object
                ? ReadEstimate(metric, command)
                : WithoutInterval(ReadNumber(metric.Value, PlaceOf(metric, command)));
        }

        return metrics.Count > 0 ? metrics.ToImmutable() : throw new CommandFailedException($"{command}: found an empty JSON object, expected at least one metric.");
    }

    private static JsonDocument ParseJson(string output, string command)
    {
        string last = output.Split('\n').Select(line => line.Trim()).LastOrDefault(line => line.Length > 0) ?? "";
        foreach (string text in new[] { output, last })
        {
            try
            {
                return JsonDocument.Parse(text);
            }
            catch (JsonException)
            {
                // The whole output comes first, then its last line; that neither is JSON is said below.
            }
        }

        string shown = OneLine.Of(last.Length > ShownCharacters ? last[..ShownCharacters] + "..." : last);
        throw new CommandFailedException(
            $"{command}: found {(last.Length == 0 ? "no output" : $"the output '{shown}'")}, expected a JSON object of metric names and numbers.");
    }

    private static Estimate ReadEstimate(JsonProperty metric, string command)
    {
        string place = PlaceOf(metric, command);
        string? unknown = metric.Value.EnumerateObject().Select(part => part.Name).FirstOrDefault(name => name is not ("value" or "low" or "high" or "samples"));
        if (unknown is not null)
        {
            throw new CommandFailedException($"{place}: found the key '{OneLine.Of(unknown)}', expected value, low, high and samples.");
        }

        double value = Part("value"), low = Part("low"), high = Part("high"), samples = Part("samples");
        return low <= value && value <= high && samples >= 1 && samples == Math.Floor(samples) && samples <= long.MaxValue / 2
            ? new(value, low, high, (long)samples)
            : throw new CommandFailedException(
                FormattableString.Invariant($"{place}: found {value} in {low}..{high} on {samples} samples, ")
                + "expected low <= value <= high and a whole number of samples from 1.");

        double Part(string name) => metric.Value.TryGetProperty(name, out JsonElement part)
            ? ReadNumber(part, $"{place}, {name}")
            : throw new CommandFailedException($"{place}: found no '{name}', expected value, low, high and samples.");
    }

    private static double ReadNumber(JsonElement element, string place) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out double number) && double.IsFinite(number)
            ? number
            : throw new CommandFailedException(
                $"{place}: found {(element.ValueKind == JsonValueKind.Number ? element.GetRawText() : Kind(element))}, expected a finite number.");

    private static string PlaceOf(JsonProperty metric, string command) => $"{command}, metric '{OneLine.Of(metric.Name)}'";

    private static Estimate WithoutInterval(double value) => new(value, value, value, 0);

    private static string Kind(JsonElement element) => element.ValueKind.ToString().ToLowerInvariant();
}
