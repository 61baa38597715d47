using System.Text.Json;
using System.Text.Json.Serialization;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;

namespace SweepCluster.Sweeps.Plans;

/// <summary>A scheme in JSON is its canonical text. Add it to <see cref="JsonSerializerOptions.Converters"/> where a type that holds schemes is written.</summary>
public sealed class SchemeJsonConverter : JsonConverter<Scheme>
{
    /// <inheritdoc/>
    public override bool CanConvert(Type typeToConvert) => typeof(Scheme).IsAssignableFrom(typeToConvert);

    /// <inheritdoc/>
    /// <exception cref="JsonException">The value is no text, or no scheme.</exception>
    public override Scheme Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return SchemeText.Parse(reader.GetString() ?? throw new JsonException("Found null, expected a scheme's text."));
        }
        catch (Exception exception) when (exception is BadInputException or InvalidOperationException)
        {
            throw new JsonException(exception.Message, exception);
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Scheme value, JsonSerializerOptions options) => writer.WriteStringValue(value.Canonical);
}
