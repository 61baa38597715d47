using System.Text.Json;
using SweepCluster.Reports.Json;
using SweepCluster.Reports.Tests.Sample;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Reports.Tests.Json;

/// <summary>Holds the written JSON to the published schema, and the schema to what is written.</summary>
public sealed class ReportSchemaTests
{
    private static readonly JsonElement s_schema = JsonDocument.Parse(ReportJson.ReadSchemaDocument()).RootElement;

    [Fact]
    public void Serialize_Sample_MeetsThePublishedSchemaAndUsesAllOfIt()
    {
        HashSet<string> used = [];
        List<string> faults = Faults(ReportJson.Serialize(SampleSummary.Create()), used);

        Assert.Equal([], faults);
        string[] stated = [.. s_schema.GetProperty("$defs").EnumerateObject().SelectMany(part => part.Value.GetProperty("properties").EnumerateObject().Select(key => $"{part.Name}.{key.Name}"))];
        Assert.True(stated.Length > 40);
        Assert.All(stated, key => Assert.Contains(key, used));
    }

    [Fact]
    public void Serialize_NullsAndNonFinite_MeetThePublishedSchema()
    {
        SweepSummary sample = SampleSummary.Create();
        SweepSummary summary = sample with
        {
            MaxDrop = null,
            Provenance = sample.Provenance with { DataName = null, DataHash = null },
            Baseline = sample.Baseline with { Choice = new MetricSummary(sample.Baseline.Choice!.Values, new Estimate(double.NaN, double.NegativeInfinity, double.PositiveInfinity, 1)) },
        };

        Assert.Equal([], Faults(ReportJson.Serialize(summary), []));
    }

    [Fact]
    public void Faults_ChangedReport_AreFound()
    {
        string text = ReportJson.Serialize(SampleSummary.Create());

        Assert.NotEmpty(Faults(text.Replace("\"onFrontier\"", "\"onTheFrontier\"", StringComparison.Ordinal), []));
        Assert.NotEmpty(Faults(text.Replace("\"sizeBytes\": ", "\"sizeBytes\": 0.5e-", StringComparison.Ordinal), []));
    }

    private static List<string> Faults(string json, HashSet<string> used)
    {
        List<string> faults = [];
        Check(s_schema, JsonDocument.Parse(json).RootElement, "$", "", used, faults);
        return faults;
    }

    private static void Check(JsonElement schema, JsonElement value, string path, string part, HashSet<string> used, List<string> faults)
    {
        if (schema.TryGetProperty("$ref", out JsonElement reference))
        {
            string name = reference.GetString()!["#/$defs/".Length..];
            Check(s_schema.GetProperty("$defs").GetProperty(name), value, path, name, used, faults);
            return;
        }

        if (schema.TryGetProperty("anyOf", out JsonElement options))
        {
            List<string>[] attempts = [.. options.EnumerateArray().Select(option =>
            {
                List<string> attempt = [];
                Check(option, value, path, part, used, attempt);
                return attempt;
            })];
            faults.AddRange(attempts.Any(attempt => attempt.Count == 0) ? [] : attempts[0]);
            return;
        }

        if (schema.TryGetProperty("const", out JsonElement constant) && !JsonElement.DeepEquals(constant, value))
        {
            faults.Add($"{path}: expected {constant}");
        }

        if (schema.TryGetProperty("enum", out JsonElement values) && !values.EnumerateArray().Any(allowed => JsonElement.DeepEquals(allowed, value)))
        {
            faults.Add($"{path}: found {value}");
        }

        if (schema.TryGetProperty("type", out JsonElement type))
        {
            string[] types = type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(item => item.GetString()!)] : [type.GetString()!];
            if (!types.Any(name => Is(value, name)))
            {
                faults.Add($"{path}: found {value.ValueKind}, expected {string.Join(" or ", types)}");
            }
        }

        CheckMembers(schema, value, path, part, used, faults);
    }

    private static void CheckMembers(JsonElement schema, JsonElement value, string path, string part, HashSet<string> used, List<string> faults)
    {
        if (value.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out JsonElement items))
        {
            foreach ((JsonElement item, int index) in value.EnumerateArray().Select((item, index) => (item, index)))
            {
                Check(items, item, $"{path}[{index}]", part, used, faults);
            }
        }

        if (value.ValueKind != JsonValueKind.Object || !Is(value, schema.GetProperty("type").GetString()!))
        {
            return;
        }

        if (schema.TryGetProperty("required", out JsonElement required))
        {
            faults.AddRange(required.EnumerateArray().Select(key => key.GetString()!).Where(key => !value.TryGetProperty(key, out _)).Select(key => $"{path}.{key}: missing"));
        }

        foreach (JsonProperty member in value.EnumerateObject())
        {
            if (schema.TryGetProperty("properties", out JsonElement properties) && properties.TryGetProperty(member.Name, out JsonElement property))
            {
                used.Add($"{part}.{member.Name}");
                Check(property, member.Value, $"{path}.{member.Name}", part, used, faults);
            }
            else if (schema.TryGetProperty("additionalProperties", out JsonElement additional))
            {
                Check(additional, member.Value, $"{path}.{member.Name}", part, used, faults);
            }
            else
            {
                faults.Add($"{path}.{member.Name}: not in the schema"); // readers may meet keys of later versions, our own writer may not
            }
        }
    }

    private static bool Is(JsonElement value, string type) => type switch
    {
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "array" => value.ValueKind == JsonValueKind.Array,
        "object" => value.ValueKind == JsonValueKind.Object,
        _ => value.ValueKind == JsonValueKind.Null,
    };
}
