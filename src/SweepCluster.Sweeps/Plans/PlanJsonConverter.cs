using System.Text.Json;
using System.Text.Json.Serialization;
using SweepCluster.Graphs.Schemes;

namespace SweepCluster.Sweeps.Plans;

/// <summary>A plan in JSON: <c>{"kind":"Mixed","label":"mixed-03","schemes":{"layer":"canonical scheme"}}</c>. Its id follows from the schemes.</summary>
public sealed class PlanJsonConverter : JsonConverter<Plan>
{
    private sealed record Stored(string Kind, string Label, SortedDictionary<string, string> Schemes);

    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web) { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    /// <inheritdoc/>
    /// <exception cref="JsonException">A key is missing, or a value is no kind or no scheme.</exception>
    public override Plan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Stored stored = JsonSerializer.Deserialize<Stored>(ref reader, s_options) ?? throw new JsonException("Found null, expected a plan.");
        if (!Enum.TryParse(stored.Kind, out PlanKind kind) || !Enum.IsDefined(kind))
        {
            throw new JsonException($"Found the plan kind '{stored.Kind}', expected one of {string.Join(", ", Enum.GetNames<PlanKind>())}.");
        }

        try
        {
            return Plan.Create(kind, stored.Label, stored.Schemes.Select(entry => KeyValuePair.Create(entry.Key, SchemeText.Parse(entry.Value))));
        }
        catch (Graphs.BadInputException exception)
        {
            throw new JsonException(exception.Message, exception);
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Plan value, JsonSerializerOptions options) => JsonSerializer.Serialize(
        writer,
        new Stored(value.Kind.ToString(), value.Label, new(value.Schemes.ToDictionary(entry => entry.Key, entry => entry.Value.Canonical), StringComparer.Ordinal)),
        s_options);
}
