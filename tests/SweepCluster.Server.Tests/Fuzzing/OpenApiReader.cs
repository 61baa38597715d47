using System.Text.Json.Nodes;

namespace SweepCluster.Server.Tests.Fuzzing;

/// <summary>Reads operations out of an OpenAPI document.</summary>
internal static class OpenApiReader
{
    public static ApiOperation[] Read(JsonNode document) =>
        [.. document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Where(member => member.Key is "get" or "put" or "post" or "patch" or "delete" or "head")
            .Select(operation => Read(document, path.Key, operation.Key, operation.Value!)))];

    private static ApiOperation Read(JsonNode document, string path, string method, JsonNode operation)
    {
        string[] Names(string place) => [.. (operation["parameters"]?.AsArray() ?? []).Where(parameter => (string?)parameter!["in"] == place).Select(parameter => (string)parameter!["name"]!)];
        JsonNode? schema = Resolve(document, operation["requestBody"]?["content"]?["application/json"]?["schema"]);
        return new ApiOperation(
            method.ToUpperInvariant(), path, Names("query"), Names("header"), schema is null ? null : Example(document, schema), [.. schema?["properties"]?.AsObject().Select(member => member.Key) ?? []], IsApi: true);
    }

    private static JsonNode? Resolve(JsonNode document, JsonNode? schema) =>
        (string?)schema?["$ref"] is { } place ? document["components"]!["schemas"]![place.Split('/')[^1]] : schema;

    // What the document gives as an example, with the members beside that it leaves out.
    private static JsonObject Example(JsonNode document, JsonNode schema)
    {
        JsonObject example = schema["examples"]?[0]?.DeepClone().AsObject() ?? schema["example"]?.DeepClone().AsObject() ?? [];
        foreach ((string name, JsonNode? member) in schema["properties"]?.AsObject() ?? [])
        {
            example.TryAdd(name, Of(Resolve(document, member)));
        }

        return example;
    }

    private static JsonNode? Of(JsonNode? schema) => schema?["type"]?.ToJsonString() switch
    {
        { } type when type.Contains("string", StringComparison.Ordinal) => JsonValue.Create("text"),
        { } type when type.Contains("integer", StringComparison.Ordinal) || type.Contains("number", StringComparison.Ordinal) => JsonValue.Create(1),
        { } type when type.Contains("boolean", StringComparison.Ordinal) => JsonValue.Create(true),
        { } type when type.Contains("array", StringComparison.Ordinal) => new JsonArray(),
        _ => null,
    };
}
