using System.Text.Json;
using System.Text.Json.Serialization;
using SweepCluster.Graphs.Schemes;

namespace SweepCluster.Sweeps.Plans;

/// <summary>A plan in JSON: <c>{"kind":"Mixed","label":"mixed-03","schemes":{"layer":"canonical scheme"}}</c>. Its id follows from the schemes.</summary>
public sealed class PlanJsonConverter : JsonConverter<Plan>
{
    private const int BufferLength = 256;

    /// <inheritdoc/>
    /// <exception cref="JsonException">A key is missing, or a value is no kind or no scheme.</exception>
    public override Plan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Expect(reader.TokenType, JsonTokenType.StartObject);
        string? kind = null, label = null;
        List<KeyValuePair<string, Scheme>>? schemes = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            reader.Read();
            switch (key)
            {
                case "kind":
                    kind = Text(ref reader);
                    break;
                case "label":
                    label = Text(ref reader);
                    break;
                case "schemes":
                    schemes = Schemes(ref reader);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (!Enum.TryParse(kind, out PlanKind known) || !Enum.IsDefined(known))
        {
            throw new JsonException($"Found the plan kind '{kind}', expected one of {string.Join(", ", Enum.GetNames<PlanKind>())}.");
        }

        if (label is null || schemes is null)
        {
            throw new JsonException("Found a plan without label or schemes, expected both.");
        }

        try
        {
            return Plan.Create(known, label, schemes);
        }
        catch (ArgumentException exception)
        {
            throw new JsonException(exception.Message, exception);
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Plan value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("kind"u8, value.Kind.ToString());
        writer.WriteString("label"u8, value.Label);
        writer.WriteStartObject("schemes"u8);
        foreach ((string layer, string scheme) in value.SchemeTexts)
        {
            writer.WriteString(layer, scheme);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static List<KeyValuePair<string, Scheme>> Schemes(ref Utf8JsonReader reader)
    {
        Expect(reader.TokenType, JsonTokenType.StartObject);
        List<KeyValuePair<string, Scheme>> schemes = [];
        char[] buffer = new char[BufferLength];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string layer = PlanAlphabet.NameOf(Characters(ref reader, buffer));
            reader.Read();
            Expect(reader.TokenType, JsonTokenType.String);
            try
            {
                schemes.Add(KeyValuePair.Create(layer, PlanAlphabet.Parse(Characters(ref reader, buffer))));
            }
            catch (Graphs.BadInputException exception)
            {
                throw new JsonException(exception.Message, exception);
            }
        }

        return schemes;
    }

    /// <summary>The token's text, in the buffer if it fits.</summary>
    private static ReadOnlySpan<char> Characters(ref Utf8JsonReader reader, char[] buffer) =>
        !reader.HasValueSequence && reader.ValueSpan.Length <= buffer.Length ? buffer.AsSpan(0, reader.CopyString(buffer)) : reader.GetString();

    private static string Text(ref Utf8JsonReader reader)
    {
        Expect(reader.TokenType, JsonTokenType.String);
        return reader.GetString()!;
    }

    private static void Expect(JsonTokenType found, JsonTokenType expected)
    {
        if (found != expected)
        {
            throw new JsonException($"Found {found}, expected {expected}.");
        }
    }
}
