using System.Text.Json;

namespace SweepCluster.Testing.Packages;

/// <summary>Reads Core ML packages with nothing in common with the product's reader, so that neither can hide the other's mistakes.</summary>
public static class IndependentPackageReader
{
    /// <summary>Reads a package and decodes every weight of one function.</summary>
    /// <exception cref="InvalidDataException">It breaks the format.</exception>
    public static IndependentPackage Read(string path, string function = "main")
    {
        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(path, "Manifest.json")));
        JsonElement items = manifest.RootElement.GetProperty("itemInfoEntries");
        string root = items.GetProperty(manifest.RootElement.GetProperty("rootModelIdentifier").GetString()!).GetProperty("path").GetString()!;
        foreach (JsonProperty item in items.EnumerateObject())
        {
            string itemPath = Path.Combine(path, "Data", item.Value.GetProperty("path").GetString()!);
            if (!File.Exists(itemPath) && !Directory.Exists(itemPath))
            {
                throw new InvalidDataException($"The manifest's item {item.Name} is missing.");
            }
        }

        string modelPath = Path.Combine(path, "Data", root);
        WireMessage model = WireMessage.Parse(File.ReadAllBytes(modelPath));
        WireMessage program = model.Message(502);
        SortedDictionary<string, WireMessage> functions = program.Map(2);
        MilValues values = new(Path.GetDirectoryName(modelPath)!);
        WireMessage main = functions[function];
        WireMessage block = main.Map(3)[main.Text(2)];
        WeightFolder weights = new(values);
        weights.Walk(block);
        List<string> lines = [];
        foreach ((string name, WireMessage described) in functions)
        {
            lines.Add($"function {name} {described.Text(2)}");
            lines.AddRange(described.Messages(1).Select(input => $"input {input.Text(1)} {MilValues.TypeOf(input.Message(2))}"));
            foreach ((string opset, WireMessage specialization) in described.Map(3))
            {
                lines.Add($"block {opset}");
                Describe(specialization, values, lines);
            }

            lines.AddRange(described.Map(4).Select(attribute => $"attribute {attribute.Key} {values.Describe(attribute.Value)}"));
        }

        lines.AddRange(program.Map(4).Select(attribute => $"program attribute {attribute.Key} {values.Describe(attribute.Value)}"));
        return new IndependentPackage
        {
            SpecificationVersion = (int)model.Number(1),
            Opset = main.Text(2),
            Operations = [.. block.Messages(3).Select(operation => operation.Text(1))],
            Program = lines,
            Description = Description(model.Message(2)),
            Weights = weights.Values.ToDictionary(entry => entry.Key, entry => Array.ConvertAll(entry.Value.Values, value => (float)value)),
            Types = weights.Values.ToDictionary(entry => entry.Key, entry => $"{entry.Value.Type}[{string.Join(',', entry.Value.Shape)}]"),
            Sources = weights.Sources,
            BlobCount = values.Blobs.Count,
        };
    }

    private static void Describe(WireMessage block, MilValues values, List<string> lines)
    {
        lines.AddRange(block.Messages(1).Select(input => $"block input {input.Text(1)} {MilValues.TypeOf(input.Message(2))}"));
        foreach (WireMessage operation in block.Messages(3))
        {
            string outputs = string.Join(' ', operation.Messages(3).Select(output => $"{output.Text(1)}:{MilValues.TypeOf(output.Message(2))}"));
            string inputs = string.Join(' ', operation.Map(2).Select(input => $"{input.Key}=" + string.Join(
                ',', input.Value.Messages(1).Select(binding => binding.Has(1) ? $"%{binding.Text(1)}" : values.Describe(binding.Message(2))))));
            string attributes = string.Join(' ', operation.Map(5).Select(attribute => $"#{attribute.Key}={values.Describe(attribute.Value)}"));
            lines.Add($"{operation.Text(1)} [{outputs}] {inputs} {attributes}");
            foreach (WireMessage inner in operation.Messages(4))
            {
                lines.Add("{");
                Describe(inner, values, lines);
                lines.Add("}");
            }
        }

        lines.Add("returns " + string.Join(' ', block.Texts(2)));
        lines.AddRange(block.Map(4).Select(attribute => $"block attribute {attribute.Key} {values.Describe(attribute.Value)}"));
    }

    // The description's own order is kept, except that metadata's entries are a map and have none.
    private static List<string> Description(WireMessage description)
    {
        List<string> lines = [];
        foreach ((int field, ReadOnlyMemory<byte> bytes, ulong number) in description.Fields.OrderBy(field => field.Field))
        {
            lines.AddRange(field == 100
                ? WireMessage.Parse(bytes).Fields.Select(entry => $"100.{entry.Field}: {Convert.ToHexStringLower(entry.Bytes.Span)}").Order(StringComparer.Ordinal)
                : [$"{field}: {Convert.ToHexStringLower(bytes.Span)} {number}"]);
        }

        return lines;
    }
}
