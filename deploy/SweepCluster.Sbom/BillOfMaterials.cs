using System.Security.Cryptography;
using System.Text.Json;

namespace SweepCluster.Sbom;

/// <summary>The list of what is shipped, as CycloneDX 1.5: the program, its own assemblies, every package with its hash and licence, and what depends on what. The same input gives the same bytes.</summary>
internal static class BillOfMaterials
{
    /// <summary>Writes it.</summary>
    /// <param name="dependencies">The file <c>sweep.deps.json</c> of a publish.</param>
    /// <param name="licences">What the packages say of their licences.</param>
    /// <param name="date">The commit's date.</param>
    /// <param name="output">Receives the JSON.</param>
    internal static void Write(byte[] dependencies, PackageLicences licences, DateTimeOffset date, Stream output)
    {
        using JsonDocument document = JsonDocument.Parse(dependencies);
        JsonElement root = document.RootElement, libraries = root.GetProperty("libraries");
        JsonElement target = root.GetProperty("targets").GetProperty(root.GetProperty("runtimeTarget").GetProperty("name").GetString()!);
        Component[] all = [.. libraries.EnumerateObject().Select(library => Component.Of(library.Name, library.Value)).OrderBy(part => part.Reference, StringComparer.Ordinal)];
        Component program = all.Single(part => part is { Name: "sweep", IsOwn: true });

        using Utf8JsonWriter json = new(output, new JsonWriterOptions { Indented = true, NewLine = "\n" });
        json.WriteStartObject();
        json.WriteString("bomFormat", "CycloneDX");
        json.WriteString("specVersion", "1.5");
        json.WriteString("serialNumber", $"urn:uuid:{new Guid(SHA256.HashData(dependencies).AsSpan(0, 16))}");
        json.WriteNumber("version", 1);
        json.WriteStartObject("metadata");
        json.WriteString("timestamp", date.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture));
        json.WritePropertyName("component");
        WriteComponent(json, program, licences, "application");
        json.WriteEndObject();
        json.WriteStartArray("components");
        foreach (Component part in all.Where(part => part != program))
        {
            WriteComponent(json, part, licences, "library");
        }

        json.WriteEndArray();
        WriteGraph(json, all, target);
        json.WriteEndObject();
    }

    private static void WriteComponent(Utf8JsonWriter json, Component part, PackageLicences licences, string kind)
    {
        json.WriteStartObject();
        json.WriteString("type", kind);
        json.WriteString("bom-ref", part.Reference);
        json.WriteString("name", part.Name);
        json.WriteString("version", part.Version);
        if (part.Sha512 is { } hash)
        {
            json.WriteStartArray("hashes");
            json.WriteStartObject();
            json.WriteString("alg", "SHA-512");
            json.WriteString("content", hash);
            json.WriteEndObject();
            json.WriteEndArray();
        }

        (string? expression, string? url) = part.IsOwn ? ("MIT", null) : licences.Of(part.Name, part.Version);
        if (expression is not null || url is not null)
        {
            json.WriteStartArray("licenses");
            json.WriteStartObject();
            if (expression is not null)
            {
                json.WriteString("expression", expression);
            }
            else
            {
                json.WriteStartObject("license");
                json.WriteString("name", "see url");
                json.WriteString("url", url);
                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteEndArray();
        }

        if (!part.IsOwn)
        {
            json.WriteString("purl", part.Reference);
        }

        json.WriteEndObject();
    }

    private static void WriteGraph(Utf8JsonWriter json, Component[] all, JsonElement target)
    {
        Dictionary<string, Component> known = all.ToDictionary(part => part.Key, StringComparer.OrdinalIgnoreCase);
        json.WriteStartArray("dependencies");
        foreach (Component part in all)
        {
            json.WriteStartObject();
            json.WriteString("ref", part.Reference);
            json.WriteStartArray("dependsOn");
            if (target.TryGetProperty(part.Key, out JsonElement entry) && entry.TryGetProperty("dependencies", out JsonElement needs))
            {
                foreach (string reference in needs.EnumerateObject()
                    .Select(need => known.GetValueOrDefault($"{need.Name}/{need.Value.GetString()}")?.Reference).OfType<string>().Distinct().Order(StringComparer.Ordinal))
                {
                    json.WriteStringValue(reference);
                }
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>One entry: a package, or an assembly of ours.</summary>
    private sealed record Component(string Key, string Name, string Version, bool IsOwn, string? Sha512)
    {
        internal string Reference => IsOwn ? $"sweepcluster:{Name}@{Version}" : $"pkg:nuget/{Uri.EscapeDataString(Name)}@{Uri.EscapeDataString(Version)}";

        internal static Component Of(string key, JsonElement library)
        {
            const string Pack = "runtimepack.", Algorithm = "sha512-";
            string[] words = key.Split('/');
            string name = words[0].StartsWith(Pack, StringComparison.Ordinal) ? words[0][Pack.Length..] : words[0];
            string hash = library.TryGetProperty("sha512", out JsonElement value) ? value.GetString()! : "";
            return new Component(
                key, name, words[1], library.GetProperty("type").GetString() == "project",
                hash.StartsWith(Algorithm, StringComparison.Ordinal) ? Convert.ToHexStringLower(Convert.FromBase64String(hash[Algorithm.Length..])) : null);
        }
    }
}
