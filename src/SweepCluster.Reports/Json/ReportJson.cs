using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using SweepCluster.Graphs;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Reports.Json;

/// <summary>Writes and reads <c>report.json</c>: a summary as one object, <c>schema</c> first, then the summary's properties in camel case.</summary>
/// <remarks>
/// Shares are 0..1, sizes bytes, an estimate is <c>{ value, low, high, samples }</c> with <c>samples</c> 0 where no interval is known. Numbers are the shortest
/// text that reads back to the same bits; those that JSON lacks are the strings <c>"NaN"</c>, <c>"Infinity"</c> and <c>"-Infinity"</c>. Keys that are added
/// later do not change <see cref="Schema"/>, a changed meaning does. <see cref="ReadSchemaDocument"/> states the form in full.
/// </remarks>
public static class ReportJson
{
    /// <summary>Name and version of the form, the value of the key <c>schema</c>.</summary>
    public const string Schema = "sweepcluster-report/1";

    private const string SchemaKey = "schema";
    private const int FlushAt = 1 << 16;

    /// <summary>The summary as indented JSON with <c>\n</c> line ends; equal summaries give equal text.</summary>
    public static string Serialize(SweepSummary summary)
    {
        using MemoryStream stream = new();
        Write(summary, stream);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    /// <summary>Writes the text of <see cref="Serialize"/> in UTF-8, trial by trial: a sweep of a million trials has more of it than memory should hold.</summary>
    public static void Write(SweepSummary summary, Stream stream)
    {
        JsonSerializerOptions options = ReportJsonContext.Default.Options;
        using (Utf8JsonWriter writer = new(stream, new JsonWriterOptions { Indented = true, NewLine = options.NewLine, Encoder = options.Encoder }))
        {
            writer.WriteStartObject();
            writer.WriteString(SchemaKey, Schema);
            foreach (JsonPropertyInfo property in ReportJsonContext.Default.SweepSummary.Properties.Where(property => property.Get is not null))
            {
                writer.WritePropertyName(property.Name);
                if (property.Get!(summary) is ImmutableArray<TrialSummary> trials)
                {
                    Write(trials, writer);
                }
                else
                {
                    JsonSerializer.Serialize(writer, property.Get(summary), options.GetTypeInfo(property.PropertyType));
                }
            }

            writer.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
    }

    private static void Write(ImmutableArray<TrialSummary> trials, Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        foreach (TrialSummary trial in trials)
        {
            JsonSerializer.Serialize(writer, trial, ReportJsonContext.Default.TrialSummary);
            if (writer.BytesPending > FlushAt)
            {
                writer.Flush();
            }
        }

        writer.WriteEndArray();
    }

    /// <summary>The form as a JSON Schema (draft 2020-12), each key with its meaning and unit.</summary>
    public static string ReadSchemaDocument()
    {
        using Stream stream = typeof(ReportJson).Assembly.GetManifestResourceStream("report.schema.json")!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Reads what <see cref="Serialize"/> wrote.</summary>
    /// <exception cref="BadInputException">The text is no JSON, has another schema, or lacks a key; says where.</exception>
    public static SweepSummary Deserialize(string json)
    {
        try
        {
            JsonNode? root = JsonNode.Parse(json);
            string? schema = root is JsonObject body && body.TryGetPropertyValue(SchemaKey, out JsonNode? value) && value?.GetValueKind() == JsonValueKind.String
                ? value.GetValue<string>()
                : null;
            return schema == Schema
                ? root.Deserialize(ReportJsonContext.Default.SweepSummary)!
                : throw new BadInputException($"report.json, key 'schema': found {(schema is null ? "none" : $"'{schema}'")}, expected '{Schema}'.");
        }
        catch (JsonException error)
        {
            string place = error.Path is { Length: > 0 } path ? path : $"line {error.LineNumber + 1}";
            throw new BadInputException($"report.json, {place}: {error.Message.ReplaceLineEndings(" ")}", error);
        }
    }
}
