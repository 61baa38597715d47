using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SweepCluster.Deploy.Tests.Chart.Rendering;

namespace SweepCluster.Deploy.Tests.Chart.Values;

/// <summary>A JSON schema of draft 07, as far as the chart's goes: a keyword that is not known here is an error, not passed over.</summary>
/// <remarks>Source: draft-handrews-json-schema-validation-01. Integers are numbers without a fraction, since helm hands every number on as a float.</remarks>
internal sealed class ValuesSchema(JsonObject root)
{
    /// <summary>The chart's schema.</summary>
    internal static ValuesSchema Chart { get; } = new(JsonNode.Parse(File.ReadAllText(Path.Combine(ChartRenderer.Folder, "values.schema.json")))!.AsObject());

    /// <summary>The schema's own text.</summary>
    internal JsonObject Root => root;

    /// <summary>What is wrong with a value, one line each: where, and what was expected.</summary>
    internal IEnumerable<string> FaultsOf(JsonNode? value) => Check(root, value, string.Empty);

    /// <summary>A schema, or the one that it refers to.</summary>
    internal JsonObject Resolve(JsonNode schema)
    {
        JsonObject given = schema.AsObject();
        return given["$ref"] is { } reference ? root["definitions"]![((string)reference!)["#/definitions/".Length..]]!.AsObject() : given;
    }

    private IEnumerable<string> Check(JsonNode schema, JsonNode? value, string place)
    {
        JsonObject rules = Resolve(schema);
        return rules.SelectMany(rule => rule.Key switch
        {
            "$schema" or "title" or "description" or "definitions" or "properties" => [],
            "type" => IsOf((string)rule.Value!, value) ? [] : Fault(place, value, $"expected {rule.Value}"),
            "enum" => rule.Value!.AsArray().Any(allowed => JsonNode.DeepEquals(allowed, value)) ? [] : Fault(place, value, $"expected one of {rule.Value.ToJsonString()}"),
            "pattern" => value?.GetValueKind() != JsonValueKind.String || Regex.IsMatch((string)value!, (string)rule.Value!) ? [] : Fault(place, value, $"expected {rule.Value}"),
            "minLength" => value?.GetValueKind() != JsonValueKind.String || ((string)value!).Length >= (int)rule.Value! ? [] : Fault(place, value, $"expected {rule.Value} characters or more"),
            "minimum" => value?.GetValueKind() != JsonValueKind.Number || (double)value >= (double)rule.Value! ? [] : Fault(place, value, $"expected {rule.Value} or more"),
            "maximum" => value?.GetValueKind() != JsonValueKind.Number || (double)value <= (double)rule.Value! ? [] : Fault(place, value, $"expected {rule.Value} or less"),
            "items" => value is JsonArray list ? list.SelectMany((item, i) => Check(rule.Value!, item, $"{place}[{i}]")) : [],
            "minItems" => value is not JsonArray array || array.Count >= (int)rule.Value! ? [] : Fault(place, value, $"expected {rule.Value} or more"),
            "required" => value is not JsonObject table ? []
                : rule.Value!.AsArray().Where(name => !table.ContainsKey((string)name!)).SelectMany(name => Fault(Join(place, (string)name!), null, "expected a value")),
            "additionalProperties" => value is JsonObject fields ? Fields(rules, fields, place) : [],
            "anyOf" => rule.Value!.AsArray().Any(choice => !Check(choice!, value, place).Any()) ? [] : Fault(place, value, $"expected one of {rule.Value.ToJsonString()}"),
            string unknown => throw new NotSupportedException($"{unknown}: a keyword of the schema that the tests do not know."),
        });
    }

    private IEnumerable<string> Fields(JsonObject rules, JsonObject fields, string place)
    {
        JsonObject known = rules["properties"]?.AsObject() ?? [];
        JsonNode others = rules["additionalProperties"]!;
        return fields.SelectMany(field => known[field.Key] is { } own ? Check(own, field.Value, Join(place, field.Key))
            : others is JsonObject free ? Check(free, field.Value, Join(place, field.Key))
            : [$"{Join(place, field.Key)}: expected no such value"]);
    }

    private static bool IsOf(string type, JsonNode? value) => (type, value?.GetValueKind() ?? JsonValueKind.Null) switch
    {
        ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) or ("string", JsonValueKind.String) => true,
        ("boolean", JsonValueKind.True or JsonValueKind.False) or ("number", JsonValueKind.Number) => true,
        ("integer", JsonValueKind.Number) => double.IsInteger((double)value!),
        _ => false,
    };

    private static string[] Fault(string place, JsonNode? value, string expected) => [$"{place}: found {value?.ToJsonString() ?? "null"}, {expected}"];

    private static string Join(string place, string name) => place.Length == 0 ? name : $"{place}.{name}";
}
