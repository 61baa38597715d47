using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SweepCluster.Deploy.Tests.Chart.Rendering;

namespace SweepCluster.Deploy.Tests.Chart.Checks;

/// <summary>Holds objects to the fields and types of the Kubernetes API, of which <c>Api/kinds.txt</c> has the kinds that the chart makes.</summary>
internal static partial class ApiCheck
{
    private static readonly (FrozenDictionary<string, string> Kinds, FrozenDictionary<string, FrozenDictionary<string, string>> Types) s_api = Read();

    /// <summary>The kinds that are known, as <c>apps/v1/Deployment</c>.</summary>
    internal static IEnumerable<string> Kinds => s_api.Kinds.Keys;

    /// <summary>What the API server would refuse, or drop without a word.</summary>
    internal static IEnumerable<string> FaultsOf(KubernetesObject item) =>
        s_api.Kinds.TryGetValue($"{item.ApiVersion}/{item.Kind}", out string? type) ? Fields(type, item.Body, item.Title) : [$"{item.Title}: the kind {item.ApiVersion}/{item.Kind} is not known"];

    private static IEnumerable<string> Check(string type, JsonNode? value, string place)
    {
        if (value is null)
        {
            return [$"{place}: found nothing, expected {type}"];
        }

        if (type.StartsWith("[]", StringComparison.Ordinal))
        {
            return value is JsonArray list ? list.SelectMany((item, i) => Check(type[2..], item, $"{place}[{i}]")) : Fault(place, value, type);
        }

        if (type.StartsWith("{}", StringComparison.Ordinal))
        {
            return value is JsonObject table ? table.SelectMany(pair => Check(type[2..], pair.Value, $"{place}.{pair.Key}")) : Fault(place, value, type);
        }

        return s_api.Types.ContainsKey(type) ? (value is JsonObject fields ? Fields(type, fields, place) : Fault(place, value, type))
            : IsOf(type, value) ? [] : Fault(place, value, type);
    }

    private static IEnumerable<string> Fields(string type, JsonObject fields, string place)
    {
        FrozenDictionary<string, string> known = s_api.Types[type];
        IEnumerable<string> missing = known.Keys.Where(name => name.EndsWith('!') && !fields.ContainsKey(name[..^1])).Select(name => $"{place}.{name[..^1]}: found nothing, expected {known[name]}");
        return missing.Concat(fields.SelectMany(field =>
            known.TryGetValue(field.Key, out string? own) || known.TryGetValue(field.Key + "!", out own) ? Check(own, field.Value, $"{place}.{field.Key}")
                : [$"{place}.{field.Key}: {type} has no such field"]));
    }

    private static bool IsOf(string type, JsonNode value)
    {
        JsonValueKind kind = value.GetValueKind();
        string text = kind == JsonValueKind.String ? (string)value! : string.Empty;
        return type switch
        {
            "any" => true,
            "string" => kind == JsonValueKind.String,
            "boolean" => kind is JsonValueKind.True or JsonValueKind.False,
            "integer" => kind == JsonValueKind.Number && double.IsInteger((double)value),
            "number" => kind == JsonValueKind.Number,
            "int-or-string" => kind == JsonValueKind.String || (kind == JsonValueKind.Number && double.IsInteger((double)value)),
            "quantity" => kind == JsonValueKind.Number || Quantity().IsMatch(text),
            "base64" => kind == JsonValueKind.String && Convert.TryFromBase64String(text, new byte[text.Length], out _),
            _ when type.StartsWith("one-of(", StringComparison.Ordinal) => kind == JsonValueKind.String && type["one-of(".Length..^1].Split('|').Contains(text),
            _ when type.StartsWith("matching(", StringComparison.Ordinal) => kind == JsonValueKind.String && Regex.IsMatch(text, type["matching(".Length..^1]),
            _ => throw new NotSupportedException($"{type}: a type that kinds.txt names and does not tell of."),
        };
    }

    private static string[] Fault(string place, JsonNode value, string type) => [$"{place}: found {value.ToJsonString()}, expected {type}"];

    private static (FrozenDictionary<string, string> Kinds, FrozenDictionary<string, FrozenDictionary<string, string>> Types) Read()
    {
        Dictionary<string, string> kinds = [];
        Dictionary<string, Dictionary<string, string>> types = [];
        Dictionary<string, string> current = [];
        string file = Path.Combine(SharedData.Repository, "tests", "SweepCluster.Deploy.Tests", "Chart", "Api", "kinds.txt");
        foreach (string line in File.ReadLines(file).Where(line => line.Length > 0 && line[0] != '#'))
        {
            string[] words = line.Split(' ', 3); // "kind apps/v1/Deployment Deployment", "type Deployment", or two blanks, a field and its type
            switch (words)
            {
                case ["kind", string kind, string type]:
                    kinds.Add(kind, type);
                    break;
                case ["type", string name]:
                    types.Add(name, current = []);
                    break;
                default:
                    string[] field = line[2..].Split(' ', 2);
                    current.Add(field[0], field[1]);
                    break;
            }
        }

        return (kinds.ToFrozenDictionary(), types.ToFrozenDictionary(pair => pair.Key, pair => pair.Value.ToFrozenDictionary()));
    }

    [GeneratedRegex(@"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?[0-9]+)?$")]
    private static partial Regex Quantity();
}
