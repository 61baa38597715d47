using System.Text.Json.Nodes;

namespace SweepCluster.Sweeps.Tests.Fixtures;

/// <summary>Checks a value against the part of JSON schema (draft 2020-12) that the published schema uses; any other keyword is an error, so that none is passed over.</summary>
internal sealed class JsonSchemaChecker(JsonNode schema)
{
    private static readonly HashSet<string> s_remarks = ["$schema", "title", "description", "default", "$defs"];

    /// <summary>Where and how a value breaks the schema; empty where it does not.</summary>
    public List<string> Check(JsonNode? value) => Check(schema, value, "$");

    private List<string> Check(JsonNode rule, JsonNode? value, string place)
    {
        List<string> faults = [];
        foreach ((string keyword, JsonNode? operand) in rule.AsObject())
        {
            if (!s_remarks.Contains(keyword))
            {
                faults.AddRange(Apply(rule.AsObject(), keyword, operand!, value, place));
            }
        }

        return faults;
    }

    private IEnumerable<string> Apply(JsonObject rule, string keyword, JsonNode operand, JsonNode? value, string place) => keyword switch
    {
        "$ref" => Check(schema["$defs"]![operand.GetValue<string>().Split('/')[^1]]!, value, place),
        "type" => (operand is JsonArray types ? types.Any(type => HasType(value, type!.GetValue<string>())) : HasType(value, operand.GetValue<string>())) ? [] : [$"{place}: not {operand.ToJsonString()}"],
        "enum" => operand.AsArray().Any(option => JsonNode.DeepEquals(option, value)) ? [] : [$"{place}: {value} not in {operand.ToJsonString()}"],
        "oneOf" => operand.AsArray().Count(option => Check(option!, value, place).Count == 0) == 1 ? [] : [$"{place}: not exactly one form"],
        "properties" => Objects(value, entry => operand[entry.Key] is JsonNode known ? Check(known, entry.Value, $"{place}.{entry.Key}") : []),
        "additionalProperties" => Objects(value, entry => rule["properties"]?[entry.Key] is not null ? []
            : operand is JsonObject other ? Check(other, entry.Value, $"{place}.{entry.Key}")
            : [$"{place}.{entry.Key}: unknown"]),
        "required" => value is JsonObject map ? operand.AsArray().Where(key => !map.ContainsKey(key!.GetValue<string>())).Select(key => $"{place}.{key}: missing") : [],
        "items" => value is JsonArray list ? list.SelectMany((item, i) => Check(operand, item, $"{place}[{i}]")) : [],
        "minItems" => value is JsonArray array && array.Count < operand.GetValue<int>() ? [$"{place}: too few items"] : [],
        "minProperties" => value is JsonObject few && few.Count < operand.GetValue<int>() ? [$"{place}: too few keys"] : [],
        "maxProperties" => value is JsonObject many && many.Count > operand.GetValue<int>() ? [$"{place}: too many keys"] : [],
        "minLength" => value is JsonValue && value.GetValueKind() == System.Text.Json.JsonValueKind.String && value.GetValue<string>().Length < operand.GetValue<int>() ? [$"{place}: too short"] : [],
        "minimum" => Number(value) < Number(operand) ? [$"{place}: too small"] : [],
        "maximum" => Number(value) > Number(operand) ? [$"{place}: too large"] : [],
        "exclusiveMinimum" => Number(value) <= Number(operand) ? [$"{place}: too small"] : [],
        "exclusiveMaximum" => Number(value) >= Number(operand) ? [$"{place}: too large"] : [],
        _ => throw new NotSupportedException($"The keyword '{keyword}' is not checked."),
    };

    private static IEnumerable<string> Objects(JsonNode? value, Func<KeyValuePair<string, JsonNode?>, IEnumerable<string>> check) =>
        value is JsonObject map ? map.SelectMany(check) : [];

    private static double? Number(JsonNode? value) => value?.GetValueKind() == System.Text.Json.JsonValueKind.Number ? double.Parse(value.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture) : null;

    private static bool HasType(JsonNode? value, string type) => type switch
    {
        "null" => value is null,
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => value?.GetValueKind() == System.Text.Json.JsonValueKind.String,
        "boolean" => value?.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False,
        "number" => Number(value) is not null,
        "integer" => Number(value) is double number && number == Math.Floor(number),
        _ => throw new NotSupportedException($"The type '{type}' is not checked."),
    };
}
