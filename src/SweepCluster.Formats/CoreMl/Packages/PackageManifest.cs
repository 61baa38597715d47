using System.Collections.Immutable;
using System.Text.Json;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.Packages;

/// <summary>A package's <c>Manifest.json</c>: which file is the model, and what else belongs to the package.</summary>
/// <param name="FormatVersion">Version of the manifest's format, as <c>1.0.0</c>.</param>
/// <param name="Items">All entries, in the file's order.</param>
/// <param name="Root">The entry that is the model.</param>
internal sealed record PackageManifest(string FormatVersion, ImmutableArray<PackageItem> Items, PackageItem Root)
{
    internal const string FileName = "Manifest.json";

    private const int LongestBytes = 2 << 20; // thousands of items; a parsed manifest takes many times its length
    private const int MostItems = 10_000;

    /// <summary>Reads a manifest.</summary>
    /// <exception cref="BadInputException">It is missing, no JSON, or lacks the model's entry.</exception>
    internal static PackageManifest Read(string path)
    {
        try
        {
            return PackageFile.Use(path, "a package's manifest", bytes =>
            {
                if (bytes.Length > LongestBytes)
                {
                    throw new BadInputException($"{path}: found {bytes.Length} bytes, expected a manifest of at most {LongestBytes}.");
                }

                using JsonDocument document = JsonDocument.Parse(bytes);
                return FromJson(document.RootElement, path);
            });
        }
        catch (JsonException exception)
        {
            throw new BadInputException(
                $"{path}, line {exception.LineNumber + 1}: found text that is no JSON, expected a package's manifest.", exception);
        }
        catch (InvalidOperationException exception)
        {
            throw new BadInputException($"{path}: found text that is no Unicode, expected a package's manifest.", exception);
        }
    }

    /// <summary>The manifest as a file.</summary>
    internal byte[] ToBytes()
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, new JsonWriterOptions { Indented = true, IndentSize = 4, NewLine = "\n" }))
        {
            writer.WriteStartObject();
            writer.WriteString("fileFormatVersion", FormatVersion);
            writer.WriteStartObject("itemInfoEntries");
            foreach (PackageItem item in Items.OrderBy(item => item.Path, StringComparer.Ordinal))
            {
                writer.WriteStartObject(item.Identifier);
                writer.WriteString("author", item.Author);
                writer.WriteString("description", item.Description);
                writer.WriteString("name", item.Name);
                writer.WriteString("path", item.Path);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
            writer.WriteString("rootModelIdentifier", Root.Identifier);
            writer.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    private static PackageManifest FromJson(JsonElement root, string path)
    {
        string version = Text(root, "fileFormatVersion", path);
        if (version.Split('.')[0] != "1")
        {
            throw new BadInputException($"{path}, fileFormatVersion: found '{version}', expected 1.x.");
        }

        string rootIdentifier = Text(root, "rootModelIdentifier", path);
        if (!root.TryGetProperty("itemInfoEntries", out JsonElement entries) || entries.ValueKind != JsonValueKind.Object)
        {
            throw new BadInputException($"{path}, itemInfoEntries: found none, expected the package's items.");
        }

        ImmutableArray<PackageItem>.Builder items = ImmutableArray.CreateBuilder<PackageItem>();
        foreach (JsonProperty entry in entries.EnumerateObject())
        {
            string place = $"{path}, item {entry.Name}";
            if (items.Count == MostItems)
            {
                throw new BadInputException($"{path}, itemInfoEntries: found more than {MostItems} items, expected at most as many.");
            }

            items.Add(new PackageItem(
                entry.Name, Text(entry.Value, "path", place),
                OptionalText(entry.Value, "name"), OptionalText(entry.Value, "author"), OptionalText(entry.Value, "description")));
        }

        PackageItem model = items.FirstOrDefault(item => item.Identifier == rootIdentifier)
            ?? throw new BadInputException($"{path}, rootModelIdentifier: found '{rootIdentifier}', expected the key of an item.");
        return new PackageManifest(version, items.ToImmutable(), model);
    }

    private static string Text(JsonElement element, string key, string place) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new BadInputException($"{place}, {key}: found no text, expected one.");

    private static string OptionalText(JsonElement element, string key) =>
        element.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
