using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;

namespace SweepCluster.Deploy.Tests.Chart.Rendering;

/// <summary>A YAML file with its lines: every scalar is a text here.</summary>
/// <param name="Tree">The values.</param>
/// <param name="Keys">The keys of tables that are in no list, by path, with the number of their line from 1.</param>
/// <param name="Lines">The file's lines.</param>
internal sealed record ValuesFile(JsonObject Tree, IReadOnlyList<(string Path, int Line)> Keys, string[] Lines)
{
    internal static ValuesFile Read(string file)
    {
        string text = File.ReadAllText(file);
        YamlStream stream = [];
        stream.Load(new StringReader(text));
        List<(string, int)> keys = [];
        JsonNode tree = ToJson(stream.Documents[0].RootNode, string.Empty, keys)!;
        return new ValuesFile(tree.AsObject(), keys, text.Split('\n'));
    }

    private static JsonNode? ToJson(YamlNode node, string path, List<(string, int)>? keys)
    {
        switch (node)
        {
            case YamlMappingNode table:
                JsonObject result = [];
                foreach ((YamlNode key, YamlNode value) in table.Children)
                {
                    string name = ((YamlScalarNode)key).Value!;
                    keys?.Add((path + name, (int)key.Start.Line));
                    result.Add(name, ToJson(value, $"{path}{name}.", keys));
                }

                return result;
            case YamlSequenceNode list:
                return new JsonArray([.. list.Children.Select(item => ToJson(item, string.Empty, null))]);
            default:
                return JsonValue.Create(((YamlScalarNode)node).Value);
        }
    }
}
